/** A process that works on a hub until it is done, or done away with. Its options are JSON in its first argument. */
import { openSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Notebook } from './notebook.ts';
import { type WorkloadOptions, work } from './workload.ts';

export interface WorkerOptions extends WorkloadOptions {
  readonly life: number;
  /** The file of effects. */
  readonly effects: string;
}

const stdout = 1;
const options = JSON.parse(process.argv[2] ?? '') as WorkerOptions;
const { life } = options;
const notes = new Notebook({ life, effects: openSync(options.effects, 'a'), history: stdout });
const stray = (error: unknown) => notes.say({ say: 'stray', life, message: String(error) });
process.on('uncaughtException', stray).on('unhandledRejection', stray);
/** Nobody else keeps a process alive whose hub has nothing to do. */
const alive = setInterval(() => {}, 1000);
/** A hub that has failed is given time to do what it may not. */
const stillMs = 30;

try {
  await work(options, notes);
  notes.say({ say: 'done', life });
} catch (error) {
  const { name, message } = error as Error;
  if (notes.durable === 0) notes.say({ say: 'refused', life, name, message });
  else {
    notes.say({ say: 'failed', life, message });
    await wait(stillMs);
  }
  process.exit(3);
} finally {
  clearInterval(alive);
}
