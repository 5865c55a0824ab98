/** `npm run torture`: faults on real processes and files; see `npm run torture -- --help`. */
import { fileURLToPath } from 'node:url';
import { tortureCommand } from '../dist/torture/command.js';

process.exitCode = await tortureCommand(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  isTTY: process.stderr.isTTY === true,
  now: () => performance.now(),
  worker: fileURLToPath(new URL('../dist/torture/worker.js', import.meta.url)),
});
