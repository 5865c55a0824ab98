/** xstate-hub/configuration: settings from a file, the environment's variables and options, each with its origin. */

export {
  type Configuration,
  type ConfigurationSources,
  configFileVariable,
  configurationSchema,
  readConfiguration,
} from './hub/configuration.ts';
