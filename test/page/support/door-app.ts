/** An app made with XState v5 that shows itself by its own tool. */
import { createBrowserInspector } from '@statelyai/inspect';
import { createActor, createMachine } from 'xstate';

const { inspect } = createBrowserInspector({ url: new URL('/?inspect', location.href).href });

const door = createMachine({
  id: 'door',
  initial: 'shut',
  context: { text: '<img src=x onerror="document.title=1">' },
  states: { shut: { on: { OPEN: 'open' } }, open: {} },
});
const actor = createActor(door, { inspect }).start();
Object.assign(globalThis, { say: (type: 'OPEN') => actor.send({ type }) });
