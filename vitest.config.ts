import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig, type Plugin } from 'vitest/config';
import { ClosingLine } from './test/support/closing-line.ts';

/**
 * Resolves packages as plain Node does. Vite stands for `development` or `production` with one condition of its own,
 * and in tests that is always `development`.
 */
const asPlainNode: Plugin = {
  name: 'as-plain-node',
  configResolved({ ssr, environments }) {
    for (const resolve of [ssr.resolve, environments.ssr?.resolve]) {
      for (const conditions of [resolve?.conditions, resolve?.externalConditions]) {
        const index = conditions?.indexOf('development|production') ?? -1;
        if (index !== -1) conditions?.splice(index, 1);
      }
    }
  },
};

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));
/** A loaded machine is slow, and nothing here measures time. */
const testTimeout = 30_000;
const include = ['test/**/*.test.ts', 'examples/**/*.test.ts'];
/** Tests of the built page, in a real browser. */
const ofPage = ['test/page/**/*.test.ts'];
/** Processes of their own run on plain Node, whatever runs the tests: once is enough. */
const ofProcesses = ['test/torture/**'];
/** Examples import the package by its name; tests want its source, not what was built last. */
const resolve = {
  alias: [
    { find: /^xstate-hub$/, replacement: source('index.ts') },
    { find: 'xstate-hub/machines', replacement: source('machines/index.ts') },
    { find: 'xstate-hub/testing', replacement: source('testing.ts') },
    { find: 'xstate-hub/tracking', replacement: source('tracking.ts') },
    { find: 'xstate-hub/configuration', replacement: source('configuration.ts') },
    { find: 'xstate-hub/cron', replacement: source('cron.ts') },
    { find: 'xstate-hub/inspection', replacement: source('inspection.ts') },
    { find: 'xstate-hub/indexeddb', replacement: source('indexeddb.ts') },
    { find: 'xstate-hub/server', replacement: source('server.ts') },
    { find: 'xstate-hub/line', replacement: source('line.ts') },
    { find: 'xstate-hub/sqlite', replacement: source('sqlite.ts') },
    { find: 'xstate-hub/tracing', replacement: source('tracing.ts') },
    { find: 'xstate-hub/ai-planner', replacement: source('ai-planner.ts') },
  ],
};

/** The same tests under both builds of XState: plain Node loads the production one, bundlers the other. */
export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine()],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 90 },
    },
    projects: [
      {
        resolve,
        plugins: [asPlainNode],
        test: { name: 'production', include, testTimeout, exclude: [...configDefaults.exclude, ...ofPage] },
      },
      {
        resolve,
        test: {
          name: 'development',
          include,
          testTimeout,
          exclude: [...configDefaults.exclude, ...ofPage, ...ofProcesses],
        },
      },
      {
        resolve,
        plugins: [asPlainNode],
        test: {
          name: 'page',
          include: ofPage,
          globalSetup: 'test/page/support/build.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          /** A real browser on a machine that does other things, too; what fails twice is broken. */
          retry: 1,
          fileParallelism: false,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
