/** `npm run simulate`: the simulator on the built hub; see `npm run simulate -- --help`. */
import { simulateCommand } from '../dist/simulator/command.js';

process.exitCode = await simulateCommand(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  isTTY: process.stderr.isTTY === true,
  now: () => performance.now(),
});
