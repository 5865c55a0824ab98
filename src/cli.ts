#!/usr/bin/env node
/** The command `xstate-hub`: a list of what it can do, and the process around it. */
import { config } from './cli/config.ts';
import { coordinate } from './cli/coordinate.ts';
import { inspect } from './cli/inspect.ts';
import { log } from './cli/log.ts';
import { machines } from './cli/machines.ts';
import { main } from './cli/main.ts';
import { plan } from './cli/plan.ts';
import { run } from './cli/run.ts';
import { validate } from './cli/validate.ts';

const commands = [run, inspect, log, machines, validate, plan, coordinate, config];

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return; // Whoever read has read enough; the exit code still says how it went.
    if (stream === process.stdout) {
      process.stderr.write(`xstate-hub: what it says cannot be written (${error.code ?? error.message})\n`);
    }
    process.exit(2);
  });
}

const interrupted = new AbortController();
const signals = ['SIGINT', 'SIGTERM'] as const;
/** The first signal asks to stop; a second one finds nobody who listens, and ends the process. */
function interrupt(): void {
  for (const signal of signals) process.off(signal, interrupt);
  interrupted.abort();
}
for (const signal of signals) process.on(signal, interrupt);

process.exitCode = await main(commands, process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  isTTY: process.stdout.isTTY === true,
  columns: process.stdout.columns,
  stdin: process.stdin,
  signal: interrupted.signal,
});
