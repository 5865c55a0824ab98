/** A side of a comparison in a process of its own: in one heap, the garbage collector charges each for the others. */
import { fork } from 'node:child_process';
import { collect } from './rounds.js';

/**
 * Starts a file of this folder as a side; it has to call `serve`.
 *
 * @returns what it says first, a function that measures once, and one that ends it
 */
export async function side(file, ...args) {
  const child = fork(file, args.map(String), { execArgv: ['--expose-gc'] });
  const first = await answer(child);
  return {
    first,
    measure: () => {
      child.send('measure');
      return answer(child);
    },
    end: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.disconnect();
      }),
  };
}

function answer(child) {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error('the other process ended'));
    child.once('exit', end);
    child.once('message', (said) => {
      child.off('exit', end);
      resolve(said);
    });
  });
}

/** Within the side: says `first`, then measures whenever it is asked to, and cleans up at the end. */
export function serve(first, measure, end = () => {}) {
  process.on('message', async () => {
    collect();
    process.send(await measure());
  });
  process.once('disconnect', async () => {
    await end();
    process.exit();
  });
  process.send(first);
}
