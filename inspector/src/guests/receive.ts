/** Receives guests by the receivers of their own tools: @xstate/inspect for v4, @statelyai/inspect for v5. */
import { createBrowserReceiver, createWebSocketReceiver as createStatelyReceiver } from '@statelyai/inspect';
import { createWebSocketReceiver, createWindowReceiver } from '@xstate-hub/inspect-compat';
import type { Guests } from './guests.ts';

/** From the window that has opened this page, or that it is a frame of. */
export function receiveByWindow(guests: Guests): void {
  listen4(createWindowReceiver({}), guests);
  listen5(createBrowserReceiver(), guests);
}

/** @param address `127.0.0.1:8888` or with a path */
export function receiveXState4(address: string, guests: Guests): void {
  listen4(createWebSocketReceiver({ server: address, serialize: undefined }), guests);
}

/** @param url `ws://127.0.0.1:8080` */
export function receiveStately(url: string, guests: Guests): void {
  listen5(createStatelyReceiver({ server: url }), guests);
}

function listen4(receiver: ReturnType<typeof createWindowReceiver>, guests: Guests): void {
  receiver.subscribe(
    (event) => {
      const { sessionId } = event;
      switch (event.type) {
        case 'service.register':
          guests.arrive(sessionId, event.id ?? event.machine.id, event.parent ?? null, event.machine.config);
          guests.move(sessionId, event.state);
          break;
        case 'service.state':
          guests.move(sessionId, event.state);
          break;
        case 'service.event': {
          const { name, data } = event.event as unknown as { readonly name: string; readonly data: unknown };
          guests.take(sessionId, name, data);
          break;
        }
        default:
          guests.end(sessionId);
      }
    },
    () => guests.fail('The line to the app is broken.'),
  );
}

function listen5(receiver: ReturnType<typeof createBrowserReceiver>, guests: Guests): void {
  receiver.subscribe((event) => {
    const { sessionId } = event;
    switch (event.type) {
      case '@xstate.actor':
        guests.arrive(sessionId, event.name, event.parentId ?? null, parsed(event.definition));
        guests.move(sessionId, event.snapshot as { value?: unknown; context?: unknown });
        break;
      case '@xstate.event':
        guests.take(sessionId, event.event.type, event.event);
        break;
      default:
        guests.move(sessionId, event.snapshot as { value?: unknown; context?: unknown });
        if (event.snapshot.status !== 'active') guests.end(sessionId);
    }
  });
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
}
