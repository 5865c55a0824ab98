import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));
const include = ['test/**/*.test.ts', 'examples/**/*.test.ts'];
/** Examples import the package by its name; tests want its source, not what was built last. */
const resolve = {
  alias: [
    { find: /^xstate-hub$/, replacement: source('index.ts') },
    { find: 'xstate-hub/machines', replacement: source('machines/index.ts') },
    { find: 'xstate-hub/testing', replacement: source('testing.ts') },
  ],
};

/** The same tests under both builds of XState: plain Node loads the production one, bundlers the other. */
export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      thresholds: { lines: 90 },
    },
    projects: [
      { resolve, test: { name: 'production', include, execArgv: [] } },
      { resolve, test: { name: 'development', include, execArgv: ['--conditions=development'] } },
    ],
  },
});
