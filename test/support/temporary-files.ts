import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for a test file: writes a file into it and gives its path; without text, only the path. */
export function temporaryFiles(): (name: string, text?: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'xstate-hub-'));
  return (name, text) => {
    const path = join(folder, name);
    if (text !== undefined) writeFileSync(path, text);
    return path;
  };
}
