/** When documents are written, against a store and a disk that wait for the test. */
import { expect, onTestFinished, test } from 'vitest';
import { EventLog } from '../../src/coordination/event-log.ts';
import { type FilePath, Folder } from '../../src/coordination/folder.ts';
import { Ledger } from '../../src/coordination/ledger.ts';
import { Mirror } from '../../src/coordination/mirror.ts';
import { Notices } from '../../src/coordination/notices.ts';
import { SubtaskIds } from '../../src/coordination/unique-planner.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import { dashboardEvent } from '../../src/hub/dashboard.ts';
import type { HubConfigInput } from '../../src/machines/config.ts';
import { project } from '../support/coordination-folder.ts';
import { plan, subtask } from '../support/plans.ts';
import { heldStore } from '../support/stores.ts';

/** A running orchestration `orch-1` of one subtask, all of it written. */
async function running(config: HubConfigInput = {}) {
  const at = project();
  const folder = await Folder.open(at.directory);
  const held = heldStore();
  const hub = await createHub({ project: 'coordination', store: held.store, config });
  onTestFinished(() => hub.stop());
  const ledger = new Ledger(new SubtaskIds());
  for await (const record of hub.log()) ledger.note(record);
  const told: string[] = [];
  const disk = { write: (path: FilePath, text: string) => folder.write(path, text) };
  const mirror = new Mirror({
    folder: {
      write: (path: FilePath, text: string) => disk.write(path, text),
      read: folder.read.bind(folder),
    } as unknown as Folder,
    hub,
    ledger,
    events: await EventLog.open(folder, 0),
    notices: new Notices((text) => told.push(text)),
    eventOf: dashboardEvent,
    onEvent: () => {},
  });
  hub.on('*', (record) => {
    ledger.note(record);
    mirror.take(record);
  });
  hub.register({ id: 'dev-1', type: 'development', run: () => new Promise(() => {}) });
  hub.orchestrate({ id: 'orch-1', title: 'Build it', plan: plan(subtask('one')) });
  await hub.settled();
  await mirror.flush();
  const status = () => at.json('orchestrator/tasks/orch-1.json').status;
  expect(status()).toBe('in_progress');
  return { at, hub, held, mirror, disk, folder, told, status };
}

test('nothing is written that is not durable (Mi1)', async () => {
  const { hub, held, mirror, disk, folder, status, at } = await running();
  hub.pauseOrchestration('orch-1');
  await hub.settled();
  held.hold();
  hub.cancelOrchestration('orch-1');
  const tooEarly: string[] = [];
  disk.write = async (_path, text) => void tooEarly.push(text);
  const flushed = mirror.flush();
  await new Promise((resolve) => setImmediate(resolve));
  expect(tooEarly).toEqual([]);

  disk.write = (...given) => folder.write(...given);
  held.letThrough();
  await flushed;
  await mirror.flush();
  expect(status()).toBe('cancelled');
  expect(at.events().map(({ type }) => type)).toContain('orchestration_cancelled');
});

test('what ends while it is being written is written once more, as it ended', async () => {
  const { hub, mirror, disk, folder, status, at } = await running();
  hub.pauseOrchestration('orch-1');
  await hub.settled();
  disk.write = async (path, text) => {
    disk.write = (...given) => folder.write(...given);
    hub.cancelOrchestration('orch-1');
    await hub.settled();
    await folder.write(path, text);
  };
  await mirror.flush();

  expect(status()).toBe('cancelled');
  expect(at.read('orchestrator/reports/orch-1.md')).toContain('**cancelled**');
  expect(mirror.isBehind('orch-1')).toBe(false);
});

test('what cannot be written is told once, and written when it can be, events included (Mi3)', async () => {
  const { hub, mirror, disk, folder, told, status, at } = await running();
  disk.write = () => Promise.reject(new Error('no space left on device'));
  hub.cancelOrchestration('orch-1');
  await hub.settled();
  await mirror.flush();
  await mirror.flush();
  expect(told).toEqual(['cannot write: no space left on device']);
  expect(mirror.isBehind('orch-1')).toBe(true);
  expect(at.events().map(({ type }) => type)).not.toContain('orchestration_cancelled');

  disk.write = (...given) => folder.write(...given);
  await mirror.flush();
  expect(status()).toBe('cancelled');
  expect(at.events().filter(({ type }) => type === 'orchestration_cancelled')).toHaveLength(1);
});

test('a document that cannot be written stops no other; events wait for it, and come behind it (Mi2, Mi3)', async () => {
  const { hub, mirror, disk, folder, told, at, status } = await running();
  disk.write = (path, text) =>
    path.at(-1) === 'orch-1.json' ? Promise.reject(new Error('is a directory')) : folder.write(path, text);
  hub.cancelOrchestration('orch-1');
  hub.orchestrate({ id: 'orch-2', title: 'Build more', plan: plan(subtask('two')) });
  await hub.settled();
  await mirror.flush();
  await mirror.flush();

  expect(told).toEqual(['cannot write: is a directory']);
  expect(at.json('orchestrator/tasks/orch-2.json').status).toBe('in_progress');
  expect(at.json('orchestrator/state/current.json').current_orchestrations).toMatchObject([
    { orchestration_id: 'orch-2' },
  ]);
  expect([mirror.isBehind('orch-1'), mirror.isBehind('orch-2')]).toEqual([true, false]);
  expect(at.events().map(({ type }) => type)).not.toContain('orchestration_cancelled');

  disk.write = (...given) => folder.write(...given);
  await mirror.flush();
  expect(status()).toBe('cancelled');
  expect(at.events().map(({ type }) => type)).toContain('orchestration_cancelled');
});

test('what the hub has forgotten is not written again, and stops nothing', async () => {
  const { hub, mirror, told, at } = await running({ keepFinished: 0 });
  hub.cancelOrchestration('orch-1');
  await hub.settled();
  expect(() => hub.report('orch-1')).toThrow('there is no orchestration orch-1');
  await mirror.flush();

  expect(told).toEqual([]);
  expect(mirror.isBehind('orch-1')).toBe(false);
  expect(at.events().map(({ type }) => type)).toContain('orchestration_cancelled');
});
