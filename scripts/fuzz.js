/** `npm run fuzz`: nonsense for every public entry; see `npm run fuzz -- --help`. It runs in a thread, to see it hang. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { fuzzCommand } from '../dist/fuzz/command.js';

/** Longest silence, in ms. */
const patience = 300_000;

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: process.argv.slice(2),
    resourceLimits: { maxYoungGenerationSizeMb: 128 },
  });
  let where = 'the beginning';
  let heardAt = performance.now();
  worker.on('message', (told) => {
    where = told;
    heardAt = performance.now();
  });
  worker.on('exit', (code) => {
    process.exitCode = code;
    clearInterval(watch);
  });
  const watch = setInterval(() => {
    if (performance.now() - heardAt < patience) return;
    console.error(`it hangs after ${where}`);
    process.exit(1);
  }, 1000);
} else {
  process.exitCode = await fuzzCommand(workerData, {
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => performance.now(),
    onProgress: (where) => parentPort.postMessage(where),
  });
}
