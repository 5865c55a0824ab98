/** xstate-hub/server: HTTP and WebSocket in front of a hub, with the inspector's page. */

export { type HubServer, type ServeOptions, serveHub } from './server/serve-hub.ts';
