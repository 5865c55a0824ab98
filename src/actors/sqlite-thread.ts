/** The thread that writes a log beside the hub: job by job, as it is told (sqlite-beside.ts). */
import { parentPort, workerData } from 'node:worker_threads';
import { type Answer, jobOf, type Order, type ThreadData } from './sqlite-beside.ts';
import { makeDurable, openToWrite } from './sqlite-file.ts';
import { type LogEnd, writingTo } from './sqlite-writing.ts';
import { StoreConflict } from './store.ts';

const { path, keepTail } = workerData as ThreadData;
const file = openToWrite(path);
makeDurable(file, path);
const write = writingTo(file, keepTail);
let end: LogEnd;
let failure: Error | undefined;
const answer = (message: Answer): void => parentPort?.postMessage(message);

parentPort?.on('message', (order: Order | null) => {
  if (order === null) {
    file.close();
    parentPort?.close();
    return;
  }
  try {
    if (failure !== undefined) throw failure;
    end = write(jobOf(order), order.end ?? end, order.term);
    answer({ end });
  } catch (error) {
    failure = error as Error;
    answer({ failure: failure.message, isConflict: failure instanceof StoreConflict });
  }
});
