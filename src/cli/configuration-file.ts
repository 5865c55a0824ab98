/** The configuration that a command runs with. */
import { readFile } from 'node:fs/promises';
import { type Configuration, configFileVariable, readConfiguration } from '../hub/configuration.ts';
import type { CommandIo } from './command.ts';

/** The file of `--config`, or else of the variable; undefined when there is none. */
export function configurationFile(option: string | undefined, { env }: CommandIo): string | undefined {
  return option ?? (env[configFileVariable] || undefined);
}

/** Rejects as `readFile` and `readConfiguration` do. */
export async function effectiveConfiguration(file: string | undefined, { env }: CommandIo): Promise<Configuration> {
  if (file === undefined) return readConfiguration({ env });
  return readConfiguration({ file: { name: file, text: await readFile(file, 'utf8') }, env });
}
