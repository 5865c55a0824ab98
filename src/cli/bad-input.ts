/** What a command says about a file that it cannot use. */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { BrokenChain } from '../actors/hash-chain.ts';
import { HubError } from '../machines/errors.ts';
import type { CommandIo } from './command.ts';
import { printable } from './style.ts';

interface BadInput {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly path?: string;
}

/** What `error` means for whoever gave the file; throws it on when it is a fault of ours. */
function badInput(error: unknown, file: string): BadInput {
  if (error instanceof BrokenChain) return { code: 'damaged', message: `${file}: ${error.message}`, file };
  if (error instanceof HubError) {
    return { code: error.code, message: error.message, file, ...(error.path !== undefined && { path: error.path }) };
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return { code: 'unreadable', message: `${file}: ${whyUnreadable(code, file)}`, file };
}

function whyUnreadable(code: string, file: string): string {
  if (existsSync(file)) return statSync(file).isDirectory() ? 'it is a folder' : `cannot be read (${code})`;
  return existsSync(dirname(file)) ? 'there is no such file' : `there is no folder ${dirname(file)}`;
}

/** Says it on stderr, as lines or as JSON; the exit code is 2. */
export function refuse(error: unknown, file: string, json: boolean, { stderr }: CommandIo): 2 {
  const bad = badInput(error, file);
  const lines = bad.message.split('\n').map(printable).join('\n');
  stderr.write(json ? `${JSON.stringify({ error: bad })}\n` : `${lines}\n`);
  return 2;
}
