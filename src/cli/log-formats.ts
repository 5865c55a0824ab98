/** A log in the forms of others: for Perfetto, for Mermaid, and as a test. */
import { basename, join } from 'node:path';
import { exportLog } from '../actors/export-log.ts';
import { sequenceOf } from '../hub/sequence.ts';
import { traceOf } from '../hub/trace.ts';
import type { HubRecord } from '../machines/messages.ts';
import { exportTest } from '../scenarios/export-test.ts';
import { type CommandIo, UsageError } from './command.ts';
import { makeFolder, writeOutput } from './output-file.ts';

interface LogExport {
  readonly records: readonly HubRecord[];
  /** The file that it was in. */
  readonly path: string;
  /** A file, or of a test the folder for its two; undefined for the terminal. */
  readonly out: string | undefined;
}

type Format = (what: LogExport, io: CommandIo) => Promise<void>;

const asText =
  (textOf: (records: readonly HubRecord[]) => Iterable<string>): Format =>
  async ({ records, out }, io) => {
    const parts = textOf(records);
    if (out === undefined) for (const part of parts) io.stdout.write(part);
    else await writeOutput(out, parts);
  };

export const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['jsonl', asText((records) => exportLog(records))],
  ['trace', asText((records) => [`${JSON.stringify(traceOf(records))}\n`])],
  ['sequence', asText((records) => [sequenceOf(records)])],
  ['test', writeTest],
]);

async function writeTest({ records, path, out }: LogExport, io: CommandIo): Promise<void> {
  if (out === undefined) throw new UsageError('a test is two files: give their folder with --out');
  const name = basename(path).replace(/\.[^.]*$/, '');
  const { files, missing } = await exportTest({ records, name });
  await makeFolder(out);
  for (const file of files) {
    await writeOutput(join(out, file.name), file.text);
    io.stdout.write(`${join(out, file.name)}\n`);
  }
  for (const text of missing) io.stderr.write(`not in it: ${text}\n`);
}
