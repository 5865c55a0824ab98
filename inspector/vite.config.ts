import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const door = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

/** The page comes in by the hub's doors, and runs from any folder of any static server. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^xstate-hub$/, replacement: door('index.ts') },
      { find: 'xstate-hub/indexeddb', replacement: door('indexeddb.ts') },
      { find: 'xstate-hub/machines', replacement: door('machines/index.ts') },
      { find: 'xstate-hub/line', replacement: door('line.ts') },
      { find: 'xstate-hub/testing', replacement: door('testing.ts') },
    ],
  },
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('../dist/inspector', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1600,
  },
});
