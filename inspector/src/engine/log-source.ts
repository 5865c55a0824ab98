/**
 * A recorded log.
 *
 * - Ls1 all of it is there before any of it is folded, and its records are known to be in order, without a gap.
 * - Ls2 each record is checked right before it is folded. A short log is folded when it is open; a long one goes on
 *   being folded while the page shows how far that is.
 * - Ls3 where the last line is cut off, what stands before it is shown, and then it is said.
 */
import { HubError, readRecord } from 'xstate-hub';
import { Glances } from './glances.ts';
import type { Origin } from './protocol.ts';
import type { Sink, Source } from './source.ts';

type LogOrigin = Extract<Origin, { kind: 'log' }>;

/** How long a log is folded before the page is told that it is open, in ms. */
const patience = 400;
/** How long nobody else has a turn, in ms. */
const slice = 24;

export async function logSource({ text, file }: LogOrigin, sink: Sink): Promise<Source> {
  const glances = new Glances((lines, at, types) => sink.lines(lines, at, types));
  for await (const chunk of chunksOf(text)) glances.read(chunk);
  glances.end();
  if (glances.first === null) throw new HubError('invalid', 'There is no record in it.');
  const first = readRecord(glances.first, 1);

  let isClosed = false;
  const begun = performance.now();
  let isDone = foldFor(sink, patience);
  const goOn = async () => {
    while (!isDone && !isClosed) {
      await othersHadTheirTurn();
      isDone = foldFor(sink, slice);
    }
    end();
  };
  const end = () => {
    if (glances.torn === null) sink.over(null);
    else sink.broken(new HubError('invalid', `line ${glances.torn} is cut off, it was never written to its end`));
  };
  if (isDone) end();
  else goOn().catch((error) => sink.broken(error));
  const project = first.type === 'hub.started' ? first.payload.project : file;
  return {
    opened: { title: file, description: `A recorded log of ${project}.`, seed: null },
    advance: async () => ({ seq: sink.seq(), why: 'over' }),
    halt() {},
    command: async () => {
      throw new HubError('forbidden', 'this is a recorded log: nothing can be done to it');
    },
    close() {
      isClosed = true;
    },
  };

  function foldFor(into: Sink, ms: number): boolean {
    const end = (ms === patience ? begun : performance.now()) + ms;
    for (let count = 0; into.fold(); count++) if (count % 16 === 0 && performance.now() > end) return false;
    return true;
  }
}

async function* chunksOf(text: string | Blob): AsyncGenerator<string> {
  if (typeof text === 'string') return yield text;
  const reader = text
    .stream()
    .pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))
    .getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } catch (cause) {
    throw new HubError('invalid', 'this is not text', { cause });
  }
}

/** Browsers make timers wait, and messages not. */
function othersHadTheirTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
