/**
 * What is tested is what is built: the page and the command, from the source as it is now.
 *
 * The page is built into a folder of its own, so that two runs at once do not disturb each other.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function build(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-page-'));
  run(['exec', '--', 'tsc', '-p', 'tsconfig.build.json']); // It emits whatever the types say; they are checked elsewhere.
  if (run(['run', 'build', '--silent', '--workspace', '@xstate-hub/inspector', '--', '--outDir', folder]) !== 0)
    throw new Error('the page could not be built');
  process.env.PAGE_UNDER_TEST = `${folder}/`;
  return () => rmSync(folder, { recursive: true, force: true });
}

const run = (args: readonly string[]) => spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] }).status;
