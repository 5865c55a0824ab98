import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { hubLine } from '../../src/line/hub-line.ts';
import type { HubRecord } from '../../src/machines/messages.ts';
import { simulate } from '../../src/testing.ts';
import { rejection } from '../support/refusals.ts';
import { attach } from '../support/served-hub.ts';

/** A server that answers each attachment with what the test wants. */
async function serverThat(answer: (say: (message: unknown) => void, after: unknown) => void) {
  const attached: unknown[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    socket.once('message', (data) => {
      const { after } = JSON.parse(String(data)) as { after: unknown };
      attached.push(after);
      answer((message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)), after);
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return { hubUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/hub`, token: '', attached };
}

const welcome = { kind: 'attached', version: 1, project: 'p', seq: 5, person: null, isRecorded: false };

async function someRecords(): Promise<readonly HubRecord[]> {
  const simulation = await simulate();
  simulation.hub.submit({ type: 'x' });
  simulation.hub.submit({ type: 'x' });
  await simulation.settle();
  return simulation.records();
}

test('what is said twice is taken once; where something is missing the line is built anew (Hl1)', async () => {
  const records = await someRecords();
  const server = await serverThat((say, after) => {
    say(welcome);
    if (after === null) {
      say({ kind: 'records', records: records.slice(0, 2) });
      say({ kind: 'records', records: records.slice(1, 3) });
      say({ kind: 'records', records: records.slice(4) });
    } else say({ kind: 'records', records: records.slice(3) });
  });
  using one = attach(server);
  await one.until(() => one.records.length === 5);
  expect(one.records).toEqual(records);
  expect(server.attached).toEqual([null, { seq: 3, id: records[2]?.id }]);
  expect(one.states.map(({ state }) => state)).toEqual(['lost', 'connected']);
});

test('a server that is no hub is refused, and nothing is thrown where nobody hears it', async () => {
  for (const said of ['<html>hello</html>', 'null', '7', '[]', '{}']) {
    const server = await serverThat((say) => say(said));
    using one = attach(server);
    expect(await rejection(one.line.attached)).toMatchObject({ message: 'what answers there is no hub' });
  }
});

test('where there is no WebSocket, whoever wants a line is told to bring one', async () => {
  vi.stubGlobal('WebSocket', undefined);
  onTestFinished(() => void vi.unstubAllGlobals());
  const line = hubLine({ url: 'ws://127.0.0.1:1/hub', onRecords: () => {} });
  expect(await rejection(line.attached)).toMatchObject({ code: 'invalid', path: 'WebSocket' });
});
