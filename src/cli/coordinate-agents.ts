/** The agents of a file, for `coordinate --agents`. */
import { z } from 'zod';
import type { Environment } from '../actors/environment.ts';
import type { AgentDefinition } from '../hub/agent-commands.ts';
import { readYaml } from '../hub/yaml-text.ts';
import { HubError } from '../machines/errors.ts';
import { parse } from '../machines/parse.ts';
import { agentDefinition } from '../scenarios/cast.ts';
import { scenarioSchema } from '../scenarios/schema.ts';

const schema = z.strictObject({ agents: scenarioSchema.shape.agents });

/** Throws `invalid` with file and line. */
export function readAgents(text: string, file: string, environment: Environment): AgentDefinition[] {
  const { value, lineOf } = readYaml(text, file);
  try {
    const { agents } = parse(schema, value);
    const ids = agents.map(({ id }) => id);
    const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
    if (twice !== -1) throw new HubError('invalid', `${ids[twice]} is there twice`, { path: `agents.${twice}.id` });
    return agents.map((agent) => agentDefinition(agent, environment));
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const { path = '' } = error;
    const line = lineOf(path === '' ? [] : path.split('.'));
    throw new HubError('invalid', `${file}:${line}: ${error.message}`, { path, cause: error });
  }
}
