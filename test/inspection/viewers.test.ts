/** The real packages at the other end of a real socket. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createWebSocketReceiver as statelyReceiver } from '@statelyai/inspect';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { Hub } from '../../src/hub/hub.ts';
import { statelySource, xstate4Source } from '../../src/inspection.ts';
import { playScenario } from '../../src/scenarios/play-scenario.ts';
import { readScenario } from '../../src/scenarios/read-scenario.ts';

const compat = createRequire(new URL('../../inspector/inspect-compat/package.json', import.meta.url));
const { createWebSocketReceiver: xstate4Receiver } = compat('@xstate/inspect') as {
  createWebSocketReceiver(options: { readonly server: string }): {
    subscribe(listener: (event: Received4) => void): void;
  };
};

interface Chart4 {
  readonly id: string;
  getStateNodes(value: unknown): readonly { readonly id: string }[];
}
type Received4 =
  | {
      readonly type: 'service.register';
      readonly machine: Chart4;
      readonly state: State4;
      readonly sessionId: string;
      readonly id: string;
    }
  | { readonly type: 'service.state'; readonly state: State4; readonly sessionId: string }
  | { readonly type: 'service.event' | 'service.stop'; readonly sessionId: string };
interface State4 {
  readonly value: unknown;
  readonly changed?: boolean;
}

const text = readFileSync(new URL('../../scenarios/auth-system.yaml', import.meta.url), 'utf8');

/** Plays a scenario with a viewer attached in the middle; resolves when it has heard of the hub's end. */
async function watchAScenario(attach: (hub: Hub) => Promise<void>, isDone: () => boolean) {
  const play = await playScenario(readScenario(text));
  for (let step = 0; step < 3; step++) await play.advance();
  await attach(play.simulation.hub);
  const alive = play.simulation.hub.tasks().filter(({ finishedAt }) => finishedAt === null);
  while (await play.advance());
  await play.simulation.hub.stop();
  await expect.poll(isDone, { timeout: 10_000 }).toBe(true);
  return alive.map(({ id }) => id);
}

describe('a viewer of XState', () => {
  const globalSocket = globalThis.WebSocket;
  let server: WebSocketServer;
  let address: string;

  beforeEach(async () => {
    globalThis.WebSocket = WebSocket as unknown as typeof globalThis.WebSocket;
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    for (const client of server.clients) client.terminate();
    server.close();
    globalThis.WebSocket = globalSocket;
  });

  it('of version 4, by @xstate/inspect, hears of every actor and of every step', async () => {
    const charts = new Map<string, Chart4>();
    const names = new Map<string, string>();
    const states = new Map<string, unknown>();
    const stopped = new Set<string>();
    const attach = async (hub: Hub) => {
      server.on('connection', (socket) => {
        const viewer = xstate4Source(hub, (message) => socket.send(message));
        socket.on('message', (data) => viewer.receive(String(data)));
        socket.on('close', () => viewer.close());
      });
      const receiver = xstate4Receiver({ server: address });
      receiver.subscribe((event) => {
        if (event.type === 'service.register') {
          charts.set(event.sessionId, event.machine);
          names.set(event.sessionId, event.id);
        }
        if (event.type === 'service.stop') stopped.add(names.get(event.sessionId) ?? '');
        if ('state' in event) {
          states.set(names.get(event.sessionId) ?? '', event.state.value);
          expect(charts.get(event.sessionId)?.getStateNodes(event.state.value)).not.toEqual([]);
        }
      });
      await expect.poll(() => names.size, { timeout: 10_000 }).toBe(hub.actors().length);
    };
    const tasks = await watchAScenario(attach, () => stopped.has('task:auth-006-docs'));
    expect(tasks).toHaveLength(5);
    for (const id of tasks) expect(states.get(`task:${id}`), id).toBe('completed');
    expect(states.get('agent:security-1')).toBe('idle');
    expect([...names.values()].filter((name) => name.startsWith('gate:'))).toHaveLength(1);
  });

  it('of version 5, by @statelyai/inspect, hears the same', async () => {
    const names = new Map<string, string>();
    const states = new Map<string, unknown>();
    const definitions = new Map<string, { readonly id: string }>();
    const attach = async (hub: Hub) => {
      server.on('connection', (socket) => statelySource(hub, (message) => socket.send(message)));
      statelyReceiver({ server: `ws://${address}` }).subscribe((event) => {
        if (event.type === '@xstate.actor') {
          names.set(event.sessionId, event.name);
          definitions.set(event.name, JSON.parse(event.definition ?? '{}'));
        }
        if ('snapshot' in event) {
          states.set(names.get(event.sessionId) ?? '', (event.snapshot as unknown as State4).value);
        }
      });
      await expect.poll(() => names.size, { timeout: 10_000 }).toBe(hub.actors().length);
    };
    const tasks = await watchAScenario(attach, () => states.get('task:auth-006-docs') === 'completed');
    for (const id of tasks) expect(states.get(`task:${id}`), id).toBe('completed');
    expect(definitions.get('task:auth-006-docs')).toMatchObject({ id: 'task' });
  });

  it('is told nothing before it asks, and nothing after it has gone', async () => {
    const play = await playScenario(readScenario(text));
    const heard: string[] = [];
    const viewer = xstate4Source(play.simulation.hub, (message) => heard.push(message));
    await play.advance();
    for (const nonsense of ['', '{', 'null', '{"type":"xstate.event","event":"{}"}', '[]']) viewer.receive(nonsense);
    expect(heard).toEqual([]);
    viewer.receive('{"type":"xstate.inspecting"}');
    const met = heard.length;
    expect(met).toBe(play.simulation.hub.actors().length);
    viewer.close();
    while (await play.advance());
    expect(heard).toHaveLength(met);
  });

  it('has an XState of its own', () => {
    expect((compat('xstate/package.json') as { version: string }).version).toBe('4.38.3');
    expect((createRequire(import.meta.url)('xstate/package.json') as { version: string }).version).toBe('5.33.3');
  });
});
