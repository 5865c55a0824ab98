/** Whether the options of a hub can be: read once, with every port at least in its shape. */
import { configSchema, type HubConfigInput } from '../machines/config.ts';
import { HubError } from '../machines/errors.ts';
import { admitJson } from '../machines/json.ts';
import { refuseUnknown } from '../machines/parse.ts';
import type { Fields } from '../machines/shape-faults.ts';
import type { HubOptions } from './create-hub.ts';
import { fieldsOf, functionOf, idOf } from './given.ts';

/** What each port has to be able to do; an empty list for a function. */
const ports: { readonly [option in keyof HubOptions]?: readonly string[] } = {
  store: ['append', 'read', 'close'],
  environment: ['now', 'random', 'id', 'wakeAt'],
  router: ['route'],
  validator: [],
  planner: ['plan'],
  calendar: ['next'],
  inspect: [],
};

const others: readonly (keyof HubOptions)[] = ['project', 'agentTypes', 'config', 'checkpointEvery', 'charts'];
/** The options of a hub by name, each with the names of its own fields where it has some. */
export const hubOptionNames: Fields = new Map(
  [...Object.keys(ports), ...others].map((name) => [name, name === 'config' ? Object.keys(configSchema.shape) : []]),
);

/** A copy of the options, without those that are undefined. Throws `invalid` with the name of the one that cannot be. */
export function readOptions(options: HubOptions): HubOptions {
  const given = Object.fromEntries(
    Object.entries(fieldsOf(options, 'the options of a hub')).filter(([, value]) => value !== undefined),
  ) as unknown as HubOptions;
  refuseUnknown(given, hubOptionNames);
  idOf(given.project, 'project');
  for (const [name, methods] of Object.entries(ports)) {
    const port = given[name as keyof HubOptions];
    if (port !== undefined) checkPort(name, port, methods);
  }
  const { agentTypes } = given;
  const config = admitJson(given.config === undefined ? {} : given.config, 'config') as HubConfigInput;
  if (config === null) throw refusal('config', 'a mapping of settings');
  if (agentTypes === undefined) return { ...given, config };
  const types = admitJson(agentTypes, 'agentTypes');
  if (!Array.isArray(types)) throw refusal('agentTypes', 'a list of ids');
  for (const [index, type] of types.entries()) idOf(type, `agentTypes.${index}`);
  return { ...given, agentTypes: types, config };
}

/** Even to look at what is foreign can throw. */
function checkPort(name: string, port: unknown, methods: readonly string[]): void {
  if (methods.length === 0) {
    functionOf(port, name);
    return;
  }
  try {
    const isPort = methods.every((method) => typeof (port as { [name: string]: unknown })[method] === 'function');
    if (isPort) return;
  } catch (cause) {
    throw refusal(name, `something with ${methods.join(', ')}`, cause);
  }
  throw refusal(name, `something with ${methods.join(', ')}`);
}

const refusal = (path: string, expected: string, cause?: unknown): HubError =>
  new HubError('invalid', `${path}: expected ${expected}`, { path, expected, cause });
