/** xstate-hub/server: HTTP and WebSocket in front of a hub, with the inspector's page. Needs the package `ws`. */

export { type HubServer, type ServeOptions, serveHub } from './server/serve-hub.ts';
