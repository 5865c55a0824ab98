/** An app made with XState v4 that shows itself by its own tool. */
import { inspect } from '@xstate/inspect';
import { createMachine, interpret } from 'xstate';

inspect({ url: new URL('/?inspect', location.href).href, iframe: false });

const light = createMachine({
  id: 'light',
  predictableActionArguments: true,
  initial: 'red',
  states: {
    red: { on: { NEXT: 'green' } },
    green: { initial: 'steady', states: { steady: { on: { FADE: 'blinking' } }, blinking: {} } },
  },
});
const service = interpret(light, { devTools: true }).start();
Object.assign(globalThis, { say: (type: 'NEXT' | 'FADE') => service.send(type) });
