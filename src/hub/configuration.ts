/**
 * Everything about a hub that can be set by data: one schema, from a file, the environment's variables and options.
 *
 * Owns what belongs to the configuration. How sources are merged and refused is merge-sources.ts; no file is read
 * here, since this runs in browsers too.
 */
import { z } from 'zod';
import { configSchema, type HubConfig } from '../machines/config.ts';
import { mergeSources, type Origin, type Sources } from './merge-sources.ts';
import { type Setting, settingsOf, valueAt } from './settings.ts';
import { type WorkingSpecConfig, workingSpecConfigSchema } from './working-spec-config.ts';

/** The hub's own settings at the top, then those of the parts that it can be given. */
export const configurationSchema = z.strictObject({
  ...configSchema.shape,
  /** For `workingSpecValidator`. */
  workingSpec: workingSpecConfigSchema.prefault({}),
});
type ConfigurationInput = z.input<typeof configurationSchema>;

/** Variables that begin as settings do and are none. */
export const configFileVariable = 'XSTATE_HUB_CONFIG';
const otherVariables: ReadonlySet<string> = new Set([configFileVariable]);

export interface ConfigurationSources extends Sources {
  readonly options?: ConfigurationInput | undefined;
}

export interface Configuration {
  /** For `createHub`. */
  readonly config: HubConfig;
  /** For `workingSpecValidator`. */
  readonly workingSpec: WorkingSpecConfig;
  /** Where each setting comes from, by key (`inboxLimit`). */
  readonly origins: { readonly [key: string]: Origin };
}

/**
 * The effective configuration: defaults < file < environment < options.
 *
 * Throws `invalid` with source, path and what was expected, one line for each fault.
 */
export function readConfiguration(sources: ConfigurationSources = {}): Configuration {
  const { value, origins } = mergeSources(configurationSchema, sources, otherVariables);
  const { workingSpec, ...config } = value;
  return { config, workingSpec, origins };
}

export interface EffectiveSetting extends Omit<Setting, 'schema' | 'path'> {
  readonly value: unknown;
  readonly origin: Origin;
}

/** Every setting with its value, for people and programs. */
export function effectiveSettings({ config, workingSpec, origins }: Configuration): readonly EffectiveSetting[] {
  return settingsOf(configurationSchema).map(({ schema: _schema, path, ...setting }) => ({
    ...setting,
    value: valueAt({ ...config, workingSpec }, path),
    origin: origins[setting.key] ?? { source: 'default' },
  }));
}
