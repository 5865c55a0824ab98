import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { statelySource, xstate4Source } from '../../src/inspection.ts';
import { simulate } from '../../src/scenarios/simulation.ts';
import { builtPage } from './support/built-page.ts';
import { openApp } from './support/guest-app.ts';

describe('an app of another XState', () => {
  const built = builtPage();

  it.each([
    {
      app: 'inspector/inspect-compat/light-app.ts',
      xstate: 4,
      says: ['NEXT', 'FADE'],
      state: 'blinking',
      name: 'light',
    },
    { app: 'test/page/support/door-app.ts', xstate: 5, says: ['OPEN'], state: 'open', name: 'door' },
  ] as const)(
    'made with v$xstate opens the page, and every step of it is shown',
    async ({ app, says, state, name }) => {
      const context = await built.browser.newContext();
      const opened = context.waitForEvent('page', { predicate: (page) => page.url().includes('?inspect') });
      const guest = await openApp(context, built.url, app);
      const page = await opened;
      await page.getByRole('heading', { name }).waitFor();
      for (const type of says)
        await guest.evaluate((event) => (globalThis as never as { say(type: string): void }).say(event), type);
      await page
        .getByRole('listitem')
        .filter({ hasText: `${state} (active)` })
        .last()
        .waitFor();
      expect(await page.title()).toBe('xstate-hub inspector');
      await context.close();
    },
  );

  it.each(['xstate4', 'stately'] as const)('is a hub as well, by a socket: %s', async (protocol) => {
    const { hub } = await simulate();
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => sockets.once('listening', resolve));
    sockets.on('connection', (socket) => {
      if (protocol === 'stately') statelySource(hub, (message) => socket.send(message));
      else {
        const viewer = xstate4Source(hub, (message) => socket.send(message));
        socket.on('message', (data) => viewer.receive(String(data)));
      }
    });
    hub.register({ id: 'ann', type: 'developer', run: () => new Promise(() => {}) });
    const { port } = sockets.address() as AddressInfo;
    const address = protocol === 'stately' ? `ws://127.0.0.1:${port}` : `127.0.0.1:${port}`;
    await using visitor = await built.visit(`#${protocol}=${address}`);
    const { page } = visitor;
    await page.getByRole('button', { name: 'agent:ann idle' }).click();
    hub.submit({ id: 't1', type: 'work' });
    await page.getByRole('button', { name: 'agent:ann working' }).waitFor();
    await page.getByRole('button', { name: 'task:t1 working' }).waitFor();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });
});
