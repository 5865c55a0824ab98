/**
 * A simulation in the page: the whole hub, in simulated time, moved on when the page asks for it.
 *
 * - U1 it never runs further ahead than it was asked to, but for the rest of a turn.
 * - U2 the same file, seed and interventions give the same log.
 */
import { HubError, type HubRecord } from 'xstate-hub';
import { type Play, playScenario, readScenario } from 'xstate-hub/testing';
import { obey } from './commands.ts';
import type { Intervention, Origin, Standing } from './protocol.ts';
import type { Sink, Source } from './source.ts';

type SimulationOrigin = Extract<Origin, { kind: 'simulation' }>;

export async function simulationSource(origin: SimulationOrigin, sink: Sink): Promise<Source> {
  const scenario = readScenario(origin.text, origin.file);
  const seed = origin.seed ?? scenario.seed;
  const waiting = [...origin.interventions];
  let halted = false;
  let isOver = false;
  let gateOpened = false;
  let stopAt: Standing | undefined;

  const take = (record: HubRecord) => {
    sink.record(record);
    if (!origin.humans && record.type === 'gate.open') gateOpened = true;
    const breakpoint = sink.reached();
    if (breakpoint !== undefined) stopAt ??= { seq: record.seq, why: 'breakpoint', breakpointId: breakpoint.id };
  };

  const play: Play = await playScenario(scenario, {
    seed,
    humans: origin.humans,
    onStart(simulation) {
      for (const record of simulation.records()) take(record);
      simulation.hub.on('*', take);
    },
  });
  const { hub } = play.simulation;

  /** What was done at this place when the run was made for the first time. */
  const repeat = async () => {
    for (let next = waiting[0]; next !== undefined && next.afterSeq <= sink.seq(); next = waiting[0]) {
      waiting.shift();
      await obeyQuietly(next);
    }
  };
  const obeyQuietly = async ({ command }: Intervention) => {
    try {
      await obey(hub, command);
    } catch (error) {
      if (!(error instanceof HubError)) throw error; // It was refused then, too.
    }
    await play.simulation.settle();
  };

  return {
    opened: { title: scenario.name, description: scenario.description, seed },

    async advance(untilSeq) {
      halted = false;
      stopAt = undefined;
      gateOpened = false;
      await play.simulation.settle();
      while (!isOver && sink.seq() < untilSeq) {
        await repeat();
        if (!(await play.advance())) {
          isOver = true;
          const { records: _, ...result } = await play.finish();
          sink.over(result);
          break;
        }
        if (stopAt !== undefined) return stopAt;
        if (gateOpened) return { seq: sink.seq(), why: 'gate' };
        if (halted) return { seq: sink.seq(), why: 'halted' };
      }
      return { seq: sink.seq(), why: isOver ? 'over' : 'asked' };
    },

    halt() {
      halted = true;
    },

    async command(command) {
      const answer = await obey(hub, command);
      await play.simulation.settle();
      return answer;
    },

    explain: (taskIds) =>
      Object.fromEntries(
        taskIds.filter((id) => hub.task(id) !== undefined).map((id) => [id, hub.explainRouting(id)] as const),
      ),

    close() {
      halted = true;
    },
  };
}
