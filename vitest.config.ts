import { defineConfig } from 'vitest/config';

/** The same tests under both builds of XState: plain Node loads the production one, bundlers the other. */
export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      thresholds: { lines: 90 },
    },
    projects: [
      { test: { name: 'production', include: ['test/**/*.test.ts'], execArgv: [] } },
      { test: { name: 'development', include: ['test/**/*.test.ts'], execArgv: ['--conditions=development'] } },
    ],
  },
});
