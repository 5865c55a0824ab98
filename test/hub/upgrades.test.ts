/** A checkpoint of another version: brought up to date, or refused with what cannot be kept (I25). */
import { describe, expect, test } from 'vitest';
import { startSealed } from '../../src/actors/sealed-actor.ts';
import { memoryStore, type Store } from '../../src/actors/store.ts';
import { chartVersions } from '../../src/hub/checkpoint/charts.ts';
import { type RestoreOptions, restoreState } from '../../src/hub/checkpoint.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import { createHubLogic, stateOf } from '../../src/hub/logic.ts';
import type { HubState } from '../../src/hub/state.ts';
import type { Json } from '../../src/machines/json.ts';
import { simulate } from '../../src/scenarios/simulation.ts';
import { handDriver } from '../support/hand-driver.ts';
import { refusal, rejection } from '../support/refusals.ts';

/** The checkpoint of a hub with a task at work, and another agent that is paused. */
async function checkpoint(): Promise<{ readonly store: Store; readonly rows: ReadonlyMap<string, Json> }> {
  const store = { ...memoryStore(), close() {} };
  const { hub, settle } = await simulate({ store, checkpointEvery: 1 });
  const driver = handDriver();
  hub.register({ id: 'dev', type: 'dev', run: driver.run });
  hub.register({ id: 'idle', type: 'qa', run: [] });
  hub.submit({ id: 't1', type: 'x', requirements: { agentType: 'dev' } });
  await settle();
  hub.pauseAgent('idle');
  await settle();
  const saved = await store.checkpoints?.load();
  return { store, rows: new Map(saved?.entries) };
}

/** The same row with something else in it. */
const other = (row: Json | undefined, fields: object): Json => ({ ...(row as object), ...fields }) as Json;

function restored(rows: Iterable<readonly [string, Json]>, options: RestoreOptions = {}): HubState {
  const state = stateOf(startSealed(createHubLogic(), {}).getSnapshot());
  restoreState(state, rows, options);
  return state;
}

describe('a chart of which there is a newer version', () => {
  const versions = { ...chartVersions, task: chartVersions.task + 2 };

  test('without a migration: nothing is taken over, and it says what would be lost', async () => {
    const { rows } = await checkpoint();
    const error = refusal(() => restored(rows, { versions, migrations: {} }));
    expect(error.code).toBe('invalid');
    expect(error.message).toBe(
      'the checkpoint cannot be used: task t1 is running.working in it, and that cannot be kept: the chart was version ' +
        '1 then and is version 3 now, and nothing leads from the one to the other. Open the log with the version that wrote it',
    );
  });

  test('nobody is in that state: then there is nothing to lose', async () => {
    const { rows } = await checkpoint();
    const gates = { ...chartVersions, gate: 2 };
    expect(restored(rows, { versions: gates, migrations: {} }).tasks.size).toBe(1);
  });

  test('with migrations: one after the other', async () => {
    const { rows } = await checkpoint();
    const seen: string[] = [];
    const state = restored(rows, {
      versions,
      migrations: {
        task: {
          1(snapshot) {
            seen.push('1');
            return { ...snapshot, context: { ...snapshot.context, attempts: 7 } };
          },
          2(snapshot) {
            seen.push('2');
            return {
              ...snapshot,
              context: { ...snapshot.context, attempts: (snapshot.context.attempts as number) + 1 },
            };
          },
        },
      },
    });
    expect(seen).toEqual(['1', '2']);
    expect(state.tasks.get('t1')?.actor.getSnapshot().context.attempts).toBe(8);
  });

  test('a migration that throws, or leads to a state that is none, says whose', async () => {
    const { rows } = await checkpoint();
    const agents = { ...chartVersions, agent: 2 };
    const throws = refusal(() =>
      restored(rows, {
        versions: agents,
        migrations: {
          agent: {
            1(snapshot) {
              if (snapshot.value === 'paused') throw new Error('there is no pause any more');
              return snapshot;
            },
          },
        },
      }),
    );
    expect(throws.message).toContain('agent idle is paused in it, and that cannot be kept');
    expect(throws.message).toContain('there is no pause any more');
    const nowhere = refusal(() =>
      restored(rows, {
        versions,
        migrations: { task: { 1: (one) => one, 2: (one) => ({ ...one, value: 'asleep' }) } },
      }),
    );
    expect(nowhere.message).toContain('task t1 is asleep in it, and that cannot be kept');
  });
});

test.each([
  ['of a newer format', 'hub', { format: 2 }, 'it has format 2, and this xstate-hub knows formats up to 1'],
  [
    'with a newer chart',
    'hub',
    { charts: { ...chartVersions, gate: 9 } },
    'it has version 9 of the gate chart, this xstate-hub version 1',
  ],
  [
    'with a chart that is not known',
    'hub',
    { charts: { ...chartVersions, swarm: 1 } },
    'it has version 1 of the swarm chart',
  ],
  ['that says nothing of itself', 'hub', { format: null }, 'it does not say what it is'],
  [
    'with an older chart, and no way from there',
    'hub',
    { charts: { ...chartVersions, hub: 0 } },
    'hub simulation is running in it',
  ],
])('a checkpoint %s is refused, and the store let go', async (_what, key, fields, message) => {
  const { store, rows } = await checkpoint();
  let closes = 0;
  const changed: Store = {
    ...store,
    checkpoints: {
      save() {},
      load: () => ({ seq: 1, entries: new Map(rows).set(key, other(rows.get(key), fields)) }),
    },
    close() {
      closes++;
    },
  };
  const error = await rejection(createHub({ project: 'simulation', store: changed }));
  expect([error.code, error.path]).toEqual(['invalid', 'store']);
  expect(error.message).toContain(message);
  expect(closes).toBe(1);
});

test('a checkpoint that lacks a row, or has one too many, is damaged', async () => {
  const { rows } = await checkpoint();
  for (const lacking of ['task:t1', 'agent:idle']) {
    const error = refusal(() => restored([...rows].filter(([key]) => key !== lacking)));
    expect([error.code, error.message]).toEqual([
      'storeFailed',
      expect.stringMatching(/^the checkpoint is damaged: it has \d/),
    ]);
  }
  const second = other(rows.get('task:t1'), {
    spec: { ...(rows.get('task:t1') as { spec: object }).spec, taskId: 't2' },
  });
  const error = refusal(() => restored([...rows, ['task:t2', second]]));
  expect(error.message).toBe('the checkpoint is damaged: it has 2 tasks of 1');
});

test('what became configurable since has its default', async () => {
  const { rows } = await checkpoint();
  const { retry: _retry, ...older } = (rows.get('hub') as unknown as { config: Record<string, Json> }).config;
  const state = restored([...rows, ['hub', other(rows.get('hub'), { config: older })]]);
  expect(state.config.retry.maxAttempts).toBe(3);
});
