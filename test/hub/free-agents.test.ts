import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FreeAgents } from '../../src/hub/free-agents.ts';
import type { AgentSpec } from '../../src/hub/registry.ts';

const specOf = (index: number): AgentSpec => ({
  agentId: `agent-${index}`,
  type: ['backend', 'frontend'][index % 2] as string,
  taskTypes: [],
  capabilities: [['api'], ['api', 'sql'], []][index % 3] as string[],
  languages: [],
  specialisations: [],
  concurrency: 1,
  answers: index % 5 === 0,
});
const specs = Array.from({ length: 20 }, (_, index) => specOf(index));
const step = fc.record({ isFree: fc.boolean(), spec: fc.constantFrom(...specs) });

test('R3, R4: a search finds whom a look at each would find, longest free first', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const free = new FreeAgents();
      let plain: AgentSpec[] = [];
      for (const { isFree, spec } of steps) {
        if (!isFree) {
          free.delete(spec);
          plain = plain.filter((one) => one !== spec);
        } else if (!plain.includes(spec)) {
          free.add(spec);
          plain.push(spec);
        } else {
          free.add(spec);
        }
      }
      const knowsApi = ({ capabilities }: AgentSpec) => capabilities.includes('api');
      for (const type of ['backend', 'frontend', 'nobody']) {
        expect([...free.find(type, knowsApi)]).toEqual(
          plain.filter((spec) => spec.type === type && knowsApi(spec)).map(({ agentId }) => agentId),
        );
      }
      expect([...free.find(undefined, () => true)].sort()).toEqual(plain.map(({ agentId }) => agentId).sort());
      for (const spec of specs) expect(free.has(spec.agentId)).toBe(plain.includes(spec));
    }),
  );
});

test('R4: a search asks about one agent of each profile', () => {
  const free = new FreeAgents();
  for (let index = 0; index < 3000; index++) free.add({ ...specOf(index % 6), agentId: `agent-${index}` });
  let asked = 0;
  const [found] = free.find('backend', ({ capabilities }) => {
    asked++;
    return capabilities.includes('sql');
  });
  expect(found).toBe('agent-4');
  expect(asked).toBeLessThanOrEqual(6);
});
