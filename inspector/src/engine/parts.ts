/** Parts of a picture, for those who do not need all of it: a picture of 10,000 tasks takes long to hand over. */
import type { Json, Picture } from 'xstate-hub';

/** @param id `task:t1` */
export function actorIn(picture: Picture, id: string): Json {
  const colon = id.indexOf(':');
  return (find(picture, id.slice(0, colon), id.slice(colon + 1)) ?? null) as Json;
}

function find(
  { status, tasks, consultations, gates, closedGates, orchestrations }: Picture,
  kind: string,
  name: string,
) {
  const named = ({ id }: { readonly id: string }) => id === name;
  if (kind === 'task') return tasks.find(named);
  if (kind === 'agent') return status.agents.find(named);
  if (kind === 'consultation') return consultations.find(named);
  if (kind === 'orchestration') return orchestrations.find(({ orchestrationId }) => orchestrationId === name);
  if (kind === 'gate') return gates.find(named) ?? endOf(closedGates[name]);
  const { agents, projectState, schedules, ...others } = status;
  return { ...others, agents: agents.length, schedules: schedules.length, phase: projectState.phase };
}

const endOf = (state: string | undefined) => (state === undefined ? undefined : { state });
