/** What is tested is what is built: the page and the command, from the source as it is now. */
import { spawnSync } from 'node:child_process';

export default function build(): void {
  run(['exec', '--', 'tsc', '-p', 'tsconfig.build.json']); // It emits whatever the types say; they are checked elsewhere.
  if (run(['run', 'build', '--silent', '--workspace', '@xstate-hub/inspector']) !== 0)
    throw new Error('the page could not be built');
}

const run = (args: readonly string[]) => spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] }).status;
