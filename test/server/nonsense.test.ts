/** Whatever comes in by the socket, the hub goes on, and nothing has changed (Cn2). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attachMessage, call, logOf, servedHub } from '../support/served-hub.ts';

const names = [
  'decideGate',
  'cancel',
  'send',
  'submit',
  'pause',
  'prioritise',
  'acceptLateResult',
  '__proto__',
  'stop',
];
const almostCommand = fc.record(
  {
    kind: fc.constantFrom('command', 'attach', 'records', ''),
    id: fc.oneof(fc.nat(), fc.constant(-1), fc.string()),
    name: fc.oneof(fc.constantFrom(...names), fc.string()),
    args: fc.oneof(fc.array(fc.anything({ maxDepth: 3 })), fc.jsonValue()),
    as: fc.oneof(fc.string(), fc.constant('ann')),
    version: fc.nat(3),
    token: fc.string(),
    after: fc.jsonValue(),
  },
  { requiredKeys: ['kind'] },
);
const text = fc.oneof(
  {
    weight: 3,
    arbitrary: almostCommand.map((value) =>
      JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? String(one) : one)),
    ),
  },
  fc.json(),
  fc.string(),
  fc.constant('['.repeat(50_000)),
  fc.constant('{"__proto__":{"kind":"attach"}}'),
);

test('2,000 texts that are almost messages, before and after attaching', async () => {
  await using served = await servedHub();
  const { hub, server } = served;
  hub.register({ id: 'dev', type: 'dev', run: () => new Promise(() => {}) });
  hub.escalate('go on?');
  await hub.settled();
  const texts = fc.sample(text, { numRuns: 2000, seed: 7 });
  for (let next = 0; next < texts.length; ) {
    const caller = await call(server.hubUrl);
    let isOpen = true;
    caller.socket.on('close', () => {
      isOpen = false;
    });
    if (next % 3 > 0) caller.say(attachMessage);
    for (const end = next + 25; next < end && isOpen; next++) caller.say(texts[next] ?? '');
    caller.say('the end');
    const { code, reason } = await caller.closed;
    expect([4400, 4401, 4406, 4409]).toContain(code);
    expect(reason).not.toBe('');
  }
  await expect.poll(() => server.connections).toBe(0);
  expect(hub.health().state).not.toBe('failed');
  hub.submit({ id: 'still-there', type: 'x' });
  await hub.settled();
  const tasks = (await logOf(hub)).flatMap((one) => (one.type === 'task.submit' ? [one.payload.taskId] : []));
  expect(tasks.at(-1)).toBe('still-there');
});

test.each([
  ['bytes', Buffer.from('{"kind":"attach"}'), 4400],
  ['more than a message may have', 'x'.repeat(400_000), 1009],
])('%s close the connection', async (_what, data, code) => {
  await using served = await servedHub();
  const caller = await call(served.server.hubUrl);
  caller.socket.send(data);
  expect((await caller.closed).code).toBe(code);
  expect(await logOf(served.hub)).toHaveLength(1);
});

test('a value that is too large or too deep is refused by the hub, and the connection goes on', async () => {
  await using served = await servedHub();
  const caller = await call(served.server.hubUrl);
  caller.say(attachMessage);
  let deep: unknown = 1;
  for (let level = 0; level < 100; level++) deep = [deep];
  for (const [id, payload] of ['x'.repeat(300_000), deep].entries()) {
    caller.say({ kind: 'command', id, name: 'submit', args: [{ type: 'x', payload }] });
  }
  await caller.until(() => caller.messages.filter(({ kind }) => kind === 'refusal').length === 2);
  const errors = caller.messages.filter(({ kind }) => kind === 'refusal').map(({ error }) => error);
  expect(errors).toMatchObject([{ code: 'tooLarge' }, { code: 'tooDeep' }]);
  caller.socket.close();
});
