import { expect, test } from 'vitest';
import { memoryStore } from '../../src/actors/store.ts';
import { createHub } from '../../src/hub/create-hub.ts';
import { foldLog } from '../../src/hub/picture.ts';
import { serve, serveHub } from '../../src/server/serve-hub.ts';
import { recordedLog } from '../../src/server/served.ts';
import { rejection } from '../support/refusals.ts';
import { attach, attachMessage, call, logOf, servedHub } from '../support/served-hub.ts';

test('whoever attaches hears the whole log, and then each record as it comes (Ln2)', async () => {
  await using served = await servedHub();
  const { hub, server } = served;
  hub.submit({ id: 'early', type: 'x' });
  using one = attach(server);
  expect(await one.line.attached).toMatchObject({ project: 'shop', person: null, isRecorded: false, version: 1 });
  await hub.submit({ id: 'late', type: 'x' }).accepted;
  await one.until(() =>
    one.records.some((record) => record.type === 'task.enqueued' && record.payload.taskId === 'late'),
  );
  expect(one.records).toEqual(await logOf(hub));
  expect(foldLog(one.records)).toEqual(hub.picture());
});

test('from behind a record on, when that one is known already', async () => {
  await using served = await servedHub();
  const { hub, server } = served;
  for (const id of ['a', 'b', 'c']) await hub.submit({ id, type: 'x' }).accepted;
  const log = await logOf(hub);
  const caller = await call(server.hubUrl);
  caller.say({ ...attachMessage, after: { seq: 4, id: log[3]?.id } });
  await caller.until(() => caller.messages.some(({ kind }) => kind === 'records'));
  expect(caller.messages).toMatchObject([
    { kind: 'attached', seq: 7 },
    { kind: 'records', records: log.slice(4) },
  ]);
  caller.socket.close();
});

test('many records come in few messages', async () => {
  await using served = await servedHub();
  const { hub, server } = served;
  for (let n = 0; n < 1000; n++) hub.submit({ type: 'x' });
  await hub.settled();
  const caller = await call(server.hubUrl);
  caller.say(attachMessage);
  const count = () => caller.messages.flatMap(({ records = [] }) => records as unknown[]).length;
  await caller.until(() => count() === 2001);
  expect(caller.messages.length).toBeLessThan(10);
  caller.socket.close();
});

test.each([
  ['another token', { token: 'not-the-token' }, 4401, 'the token is not right'],
  ['no token', { token: undefined }, 4401, 'this hub wants a token: open the address that it gave'],
  ['another version', { version: 2 }, 4406, 'this hub speaks version 1, not 2'],
  [
    'a record of another log',
    { after: { seq: 1, id: 'other' } },
    4409,
    'this is another log than before: open it anew',
  ],
  [
    'a record that is not there yet',
    { after: { seq: 9, id: 'x' } },
    4409,
    'this is another log than before: open it anew',
  ],
  ['a field too many', { name: 'ann' }, 4400, 'name: is not known here; expected one of kind, version, token, after'],
])('%s is refused with a code and a reason', async (_what, change, code, reason) => {
  await using served = await servedHub();
  const caller = await call(served.server.hubUrl);
  caller.say({ ...attachMessage, ...change });
  expect(await caller.closed).toEqual({ code, reason });
});

test('records that are not kept any more are not left out: it says so', async () => {
  const store = memoryStore({ keep: 10 });
  await using served = await servedHub({}, { store });
  const { hub, server } = served;
  for (let n = 0; n < 20; n++) hub.submit({ type: 'x' });
  await hub.settled();
  using one = attach(server);
  const refused = await rejection(one.line.attached);
  const [first] = await logOf(hub);
  expect(refused.message).toBe(`the records before ${first?.seq} are not kept any more`);
});

test('a hub that stops says so; the port is free when the server is closed', async () => {
  const { hub, server } = await servedHub();
  const caller = await call(server.hubUrl);
  caller.say(attachMessage);
  await caller.until(() => caller.messages.length > 1);
  await hub.stop();
  expect(await caller.closed).toEqual({ code: 4000, reason: 'the hub has stopped' });
  await server.close();
  const { port } = new URL(server.url);
  await (await serveHub(await createHub({ project: 'p' }), { port: Number(port), page: false })).close();
});

test('a log that was kept can be looked at, and nothing be done to it', async () => {
  const hub = await createHub({ project: 'shop' });
  await hub.submit({ type: 'x' }).accepted;
  const records = await logOf(hub);
  const server = await serve(recordedLog(records, 'old.jsonl'), { page: false });
  using one = attach(server);
  expect(await one.line.attached).toMatchObject({ isRecorded: true, project: 'old.jsonl' });
  expect(await rejection(one.line.command({ name: 'pause', args: [] }))).toMatchObject({
    code: /forbidden|conflict/ as never,
  });
  await one.until(() => one.isOver);
  expect(one.records).toEqual(records);
  await server.close();
});

test('secrets are taken out before anything leaves (Cn4)', async () => {
  await using served = await servedHub({ redact: ['token', 'auth.password'] });
  const { hub, server } = served;
  await hub.submit({ type: 'x', payload: { token: 'hush', auth: { password: 'hush', user: 'ann' } } }).accepted;
  hub.updateProject({ metadata: { token: 'hush' } });
  await hub.settled();
  const caller = await call(server.hubUrl);
  caller.say(attachMessage);
  await caller.until(() => JSON.stringify(caller.messages).includes('project.updated'));
  expect(JSON.stringify(caller.messages)).not.toContain('hush');
  expect(JSON.stringify(caller.messages)).toContain('"user":"ann"');
  caller.socket.close();
});

test('where nobody listens, a line says so at once; a taken port is a conflict', async () => {
  await using served = await servedHub();
  const { port } = new URL(served.server.url);
  expect(await rejection(serveHub(served.hub, { port: Number(port) }))).toMatchObject({
    code: 'conflict',
    path: 'port',
    message: `port ${port} of 127.0.0.1 is taken; expected another port, or 0 for any that is free`,
    expected: 'another port, or 0 for any that is free',
  });
  expect(await rejection(serveHub(served.hub, { token: 'short' }))).toMatchObject({ code: 'invalid', path: 'token' });
  expect(await rejection(serveHub(served.hub, { prot: 99_999 } as never))).toMatchObject({
    code: 'invalid',
    path: 'prot',
    message: 'prot: is not known here; did you mean port?',
  });
  await served.server.close();
  using one = attach(served.server);
  expect(await rejection(one.line.attached)).toMatchObject({ code: 'conflict', path: 'url' });
});
