/**
 * The life of the hub. The hub actor (src/hub/logic.ts) carries this chart inside its own logic.
 *
 * - H1 work is given out only in `running` and `draining`.
 * - H2 `draining` takes no new tasks and stops when nothing is left.
 * - H3 a pause outlives a restart: `hub.started` leads to `running` from `recovering` and `stopped` only.
 */
import { setup } from 'xstate';

export type HubEvent =
  | { readonly type: 'hub.started' }
  | { readonly type: 'hub.pause' }
  | { readonly type: 'hub.resume' }
  | { readonly type: 'hub.drain' }
  | { readonly type: 'hub.stopped' };

export const hubMachine = setup({
  types: { events: {} as HubEvent },
}).createMachine({
  id: 'hub',
  initial: 'recovering',
  states: {
    recovering: { on: { 'hub.started': 'running' } },
    running: { on: { 'hub.pause': 'paused', 'hub.drain': 'draining', 'hub.stopped': 'stopped' } },
    paused: { on: { 'hub.resume': 'running', 'hub.drain': 'draining', 'hub.stopped': 'stopped' } },
    draining: { on: { 'hub.stopped': 'stopped' } },
    stopped: { on: { 'hub.started': 'running' } },
  },
});
