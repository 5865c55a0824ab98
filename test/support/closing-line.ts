import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends a test run with the plain line `N passed, N failed`, which people and scripts can read.
 *
 * A test that runs under two projects counts twice; a file that cannot be loaded and an error outside
 * any test count as one failure each.
 */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        if (state === 'failed') failed++;
      }
    }
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}
