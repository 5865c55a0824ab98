/** `log verify` on a log whose first records are gone: what its checkpoint knows counts (I1, I3). */
import Database from 'libsql';
import { expect, test } from 'vitest';
import { sqliteStore } from '../../src/actors/sqlite-store.ts';
import { log } from '../../src/cli/log.ts';
import { main } from '../../src/cli/main.ts';
import { simulate } from '../../src/scenarios/simulation.ts';
import { runCommand } from '../support/command.ts';
import { temporaryFiles } from '../support/temporary-files.ts';

const file = temporaryFiles();
const verify = async (path: string) => {
  const { exitCode, stdout, stderr } = await runCommand((io) =>
    main([log], ['log', 'verify', `sqlite:${path}`, '--json'], io),
  );
  return { ...JSON.parse(stdout), exitCode, stderr };
};

/** Two tasks that nobody can do, two that are done, one that is done in the last records; and a dead letter. */
async function prunedLog(name: string, keepTail: number): Promise<string> {
  const path = file(name);
  const { hub, settle, run } = await simulate({ store: sqliteStore({ path, keepTail }), checkpointEvery: 10 });
  hub.register({ id: 'dev', type: 'dev', run: [{ work: '1m' }] });
  for (const id of ['open-1', 'open-2']) hub.submit({ id, type: 'x', requirements: { agentType: 'nobody' } });
  for (const id of ['done-1', 'done-2']) hub.submit({ id, type: 'x', requirements: { agentType: 'dev' } });
  await run();
  hub.register({ id: 'leaves', type: 'gone', run: [] });
  await hub.send({ to: 'leaves', type: 'note' });
  hub.unregister('leaves');
  await settle();
  for (let phase = 0; phase < 40; phase++) hub.updateProject({ phase: `phase ${phase}` });
  hub.submit({ id: 'done-3', type: 'x', requirements: { agentType: 'dev' } });
  await run();
  hub.submit({ id: 'open-3', type: 'x', requirements: { agentType: 'nobody' } });
  await settle();
  await hub.stop();
  return path;
}

test('what is open, ended and dead, whether its records are kept or not', async () => {
  const whole = await verify(await prunedLog('whole.db', Number.POSITIVE_INFINITY));
  expect(whole).toMatchObject({
    chain: 'ok',
    accepted: 6,
    terminal: 3,
    open: 3,
    lost: 0,
    duplicated: 0,
    deadLetters: 1,
  });
  const pruned = await verify(await prunedLog('pruned.db', 12));
  expect(pruned.records).toBe(12);
  expect(pruned).toMatchObject({ chain: 'ok', open: 3, lost: 0, duplicated: 0, deadLetters: 1, exitCode: 0 });
  expect(pruned.accepted).toBe(pruned.terminal + pruned.open);
  expect(await verify(await prunedLog('bare.db', 0))).toMatchObject({
    records: 0,
    accepted: 3,
    open: 3,
    deadLetters: 1,
  });
});

test('a checkpoint that is damaged, or lacks a task, is told of: exit 1', async () => {
  const path = await prunedLog('damaged.db', 5);
  const change = (sql: string) => {
    const database = new Database(path);
    database.exec(sql);
    database.close();
  };
  change(`update checkpoint set entry = replace(entry, 'open-1', 'opem-1') where key = 'task:open-1'`);
  const changed = await verify(path);
  expect(changed).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('its entry task:open-1 does not match'),
  });
  change("delete from checkpoint where key = 'task:open-1'");
  const lacking = await verify(path);
  expect(lacking).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('it has 2 tasks of 3') });
});
