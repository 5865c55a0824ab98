import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { createHub } from '../../src/hub/create-hub.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { serve } from '../../src/server/serve-hub.ts';
import { servedHub as serving } from '../../src/server/served.ts';
import { attachMessage, type Caller, call } from '../support/served-hub.ts';

const payload = 'x'.repeat(4000);
const tasks = 8000;

/** Counts what is read from the log on its way out. */
async function counted() {
  const hub = await createHub({ project: 'shop' });
  const served = serving(hub);
  const read = { records: 0 };
  const server = await serve(
    {
      ...served,
      async *follow(fromSeq) {
        for await (const record of served.follow(fromSeq)) {
          read.records++;
          yield record;
        }
      },
    },
    { page: false, token: 'the-token' },
  );
  return { hub, server, read };
}

const recordsIn = ({ records = [] }: Caller['messages'][number]) => records as readonly HubRecord[];
const lastOf = ({ messages }: Caller) =>
  messages.findLast(({ kind }) => kind === 'records')?.records as readonly HubRecord[] | undefined;

const rawSocket = (socket: WebSocket) => (socket as unknown as { _socket: NodeJS.ReadableStream })._socket;

test('a reader that stands still costs little, disturbs nobody, and misses nothing afterwards (Cn1)', async () => {
  const { hub, server, read } = await counted();
  const slow = await call(server.hubUrl);
  slow.say(attachMessage);
  await slow.until(() => slow.messages.length > 0);
  rawSocket(slow.socket).pause();

  const quick = await call(server.hubUrl);
  quick.say(attachMessage);
  for (let n = 0; n < tasks; n++) {
    hub.submit({ type: 'x', payload });
    if (n % 500 === 0) await hub.settled();
  }
  await hub.settled();
  const total = hub.status().seq;
  await quick.until(() => lastOf(quick)?.at(-1)?.seq === total);

  // More than 30 MB were said. The slow one has what the kernel keeps for it, and one batch that waits.
  const ofSlow = read.records - total;
  expect(total).toBe(1 + 2 * tasks);
  expect(ofSlow).toBeLessThan(total / 2);
  expect(server.connections).toBe(2);

  rawSocket(slow.socket).resume();
  await slow.until(() => lastOf(slow)?.at(-1)?.seq === total);
  expect(slow.messages.flatMap(recordsIn).map(({ seq }) => seq)).toEqual(
    Array.from({ length: total }, (_, index) => index + 1),
  );
  quick.socket.terminate();
  slow.socket.terminate();
  await server.close();
  await hub.stop();
});

test('one that goes away in the middle leaves nothing behind', async () => {
  const { hub, server } = await counted();
  const caller = await call(server.hubUrl);
  caller.say(attachMessage);
  await caller.until(() => caller.messages.length > 0);
  rawSocket(caller.socket).pause();
  for (let n = 0; n < 5000; n++) hub.submit({ type: 'x', payload });
  await hub.settled();
  caller.socket.terminate();
  await once(caller.socket, 'close');
  await expect.poll(() => server.connections).toBe(0);
  await server.close();
  await hub.stop();
});
