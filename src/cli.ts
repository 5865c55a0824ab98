#!/usr/bin/env node
/** The command `xstate-hub`: a list of what it can do, and the process around it. */
import { config } from './cli/config.ts';
import { machines } from './cli/machines.ts';
import { main } from './cli/main.ts';
import { plan } from './cli/plan.ts';
import { run } from './cli/run.ts';
import { validate } from './cli/validate.ts';

const commands = [run, machines, validate, plan, config];

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(); // Whoever read has read enough.
  throw error;
});

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());

process.exitCode = await main(commands, process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  isTTY: process.stdout.isTTY === true,
  columns: process.stdout.columns,
  stdin: process.stdin,
  signal: interrupted.signal,
});
