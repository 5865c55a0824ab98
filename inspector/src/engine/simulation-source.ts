/**
 * A simulation in the page: the whole hub, in simulated time, moved on when the page asks for it.
 *
 * - U1 it never runs further ahead than it was asked to, but for the rest of a turn.
 * - U2 the same file, seed and interventions give the same log.
 * - U3 a person's command is given between two steps, and says between which.
 */
import { HubError, type HubRecord } from 'xstate-hub';
import { obey } from 'xstate-hub/line';
import { type Play, playScenario, readScenario } from 'xstate-hub/testing';
import { InOrder } from './in-order.ts';
import type { Command, Intervention, Origin, Standing } from './protocol.ts';
import type { Sink, Source } from './source.ts';

type SimulationOrigin = Extract<Origin, { kind: 'simulation' }>;

export async function simulationSource(origin: SimulationOrigin, sink: Sink): Promise<Source> {
  const scenario = readScenario(origin.text, origin.file);
  const seed = origin.seed ?? scenario.seed;
  const waiting = [...origin.interventions];
  const inOrder = new InOrder();
  /** How often the simulation was moved on. */
  let steps = 0;
  /** Advances are numbered; those up to here are to stop. */
  let asked = 0;
  let halted = 0;
  let isOver = false;
  let stopAt: Standing | undefined;

  const take = (record: HubRecord) => {
    sink.record(record);
    const { seq } = record;
    const breakpoint = sink.reached();
    if (breakpoint !== undefined) stopAt ??= { seq, why: 'breakpoint', breakpointId: breakpoint.id };
    if (!origin.humans && record.type === 'gate.open') stopAt ??= { seq, why: 'gate' };
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
  await play.simulation.settle();

  const give = async ({ name, args }: Command) => {
    if (name === 'inject') play.inject(args[0] as Parameters<Play['inject']>[0]);
    else if (name === 'reseed') play.reseed(args[0] as number);
    else return await obey(hub, { name, args });
    return null;
  };

  /** What was done at this place when the run was made for the first time. */
  const repeat = async () => {
    for (let next = waiting[0]; next !== undefined && isDue(next); next = waiting[0]) {
      waiting.shift();
      try {
        await give(next.command);
      } catch (error) {
        if (!(error instanceof HubError)) throw error; // It was refused then, too.
      }
      await play.simulation.settle();
    }
  };
  const isDue = ({ afterSeq, afterStep }: Intervention) =>
    afterStep === undefined ? afterSeq <= sink.seq() : afterStep <= steps;

  const step = async () => {
    if (isOver) return;
    await repeat();
    steps++;
    if (await play.advance()) return;
    isOver = true;
    const { records: _, ...result } = await play.finish();
    sink.over(result);
  };

  return {
    opened: { title: scenario.name, description: scenario.description, seed },

    async advance(untilSeq) {
      const number = ++asked;
      stopAt = undefined;
      while (!isOver && sink.seq() < untilSeq && number > halted) {
        await inOrder.run(step);
        if (stopAt !== undefined) return stopAt;
      }
      if (isOver) return { seq: sink.seq(), why: 'over' };
      return { seq: sink.seq(), why: number > halted ? 'asked' : 'halted' };
    },

    halt() {
      halted = asked;
    },

    command: (command) =>
      inOrder.run(async () => {
        await repeat();
        const intervention = { afterSeq: sink.seq(), afterStep: steps, command };
        const answer = await give(command);
        await play.simulation.settle();
        return { answer, intervention };
      }),

    explain: (taskIds) =>
      Object.fromEntries(
        taskIds.filter((id) => hub.task(id) !== undefined).map((id) => [id, hub.explainRouting(id)] as const),
      ),

    close() {
      halted = Number.POSITIVE_INFINITY;
    },
  };
}
