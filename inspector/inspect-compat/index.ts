/** `@xstate/inspect`'s own receivers, with the XState v4 that they need. */
export { createWebSocketReceiver, createWindowReceiver } from '@xstate/inspect';
