import { expect, test } from 'vitest';
import { chainOf } from '../../inspector/src/model/causes.ts';
import type { Run } from '../../inspector/src/model/run.ts';
import { Places } from '../../inspector/src/views/floor/geometry.ts';
import { layOut } from '../../inspector/src/views/floor/layout.ts';
import { historiesOf, presences, sceneOf } from '../../inspector/src/views/floor/scene.ts';
import { foldLog, type HubRecord } from '../../src/index.ts';
import { recordedRun, recordsOf, scenarioText } from './support/recorded-run.ts';

const size = { width: 1196, height: 611 };

async function floorOf(name: string) {
  const records = await recordsOf(scenarioText(name));
  const recorded = recordedRun(records);
  const layout = layOut([...recorded.facts.agents.values()], size);
  const histories = historiesOf(recorded, layout);
  const run = { ...recorded, recordById: (id: string) => records.find((one) => one.id === id) };
  const at = (seq: number, selection: string | null = null) =>
    sceneOf({ ...run, position: seq } as unknown as Run, layout, histories, selection);
  return { records, layout, at, run: run as unknown as Run };
}

test.each(['auth-system', 'jwt-question', 'several-gates', 'stalled-agent', 'circuit-breaker'])(
  'on the floor of %s everybody is in the state that the fold tells, at every moment',
  async (name) => {
    const { records, layout, at } = await floorOf(name);
    for (const { seq } of records) {
      const scene = at(seq);
      const { status, gates, tasks } = foldLog(records.slice(0, seq));
      const here = scene.agents.filter(({ presence }) => presence === 'here');
      expect(here.map(({ id, state }) => ({ id, state })).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
        status.agents.map(({ id, state }) => ({ id, state })).sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
      for (const [index, member] of layout.order.entries()) {
        const agent = scene.agents[index];
        expect(presences[scene.marks[index] ?? 0]).toBe(agent?.presence === 'here' ? agent.tone : agent?.presence);
        expect(agent?.id).toBe(member.id);
      }
      for (const agent of status.agents) {
        const shown = scene.agents.find(({ id }) => id === agent.id);
        expect(shown?.tasks).toHaveLength(agent.tasks.length);
        const held = tasks.filter(({ agentId, state }) => agentId === agent.id && /^(assigned|running)/.test(state));
        expect(held).toHaveLength(agent.tasks.length);
      }
      expect(scene.gates.map(({ id, reason }) => ({ id, reason }))).toEqual(
        gates.map(({ id, reason }) => ({ id, reason })),
      );
    }
  },
);

test('who asks, who answers and who waits for a human is told in words', async () => {
  const { records, at } = await floorOf('auth-system');
  const asked = records.find(({ type }) => type === 'consultation.asked') as HubRecord;
  const waits = (seq: number) => Object.fromEntries(at(seq).agents.map((agent) => [agent.id, agent.waits]));
  expect(waits(asked.seq)).toMatchObject({ 'backend-1': 'asks security-2', 'security-2': 'answers backend-1' });
  const gate = records.find(({ type }) => type === 'gate.open') as HubRecord;
  expect(waits(gate.seq)).toMatchObject({ 'security-1': 'waits for ann or bob' });
  expect(at(gate.seq).gates).toMatchObject([{ agentId: 'security-1', approvers: ['ann', 'bob'] }]);
});

test('a message takes the spoke of who sent it, and that of who gets it', async () => {
  const { records, layout, at } = await floorOf('auth-system');
  const places = new Places(layout);
  const sent = records.find(({ type }) => type === 'message.send') as HubRecord;
  const [message] = at(sent.seq).trail;
  expect(message).toMatchObject({ from: 'agent:architect-1', to: 'agent:backend-1', label: 'design.ready' });
  const legs = places.legsOf(message?.from ?? '', message?.to ?? '');
  expect(legs.map(({ party, inward }) => ({ party, inward }))).toEqual([
    { party: 'agent:architect-1', inward: true },
    { party: 'agent:backend-1', inward: false },
  ]);
  const decided = records.find(({ type }) => type === 'gate.decide') as HubRecord;
  expect(at(decided.seq).trail[0]).toMatchObject({ from: 'human:ann', to: 'hub' });
});

test('where nobody asks anybody, the causes and effects of a record are those that its causation ids name', async () => {
  const { records, run } = await floorOf('retry');
  for (const record of records) {
    const descendants = new Set<string>();
    for (const other of records) {
      if (other.causationId === record.id || descendants.has(other.causationId ?? '')) descendants.add(other.id);
    }
    const ancestors: string[] = [];
    for (let id = record.causationId; id !== null; id = records.find((one) => one.id === id)?.causationId ?? null) {
      ancestors.unshift(id);
    }
    const chain = chainOf(run, record.seq);
    expect(chain.descendants.map(({ id }) => id)).toEqual([...descendants]);
    expect(chain.ancestors.map(({ id }) => id)).toEqual(ancestors);
  }
});

test('a selected record lights who took part in what led to it, and in what came of it', async () => {
  const { records, at } = await floorOf('auth-system');
  const asked = records.find(({ type }) => type === 'consultation.asked') as HubRecord;
  expect([...(at(asked.seq, `record:${asked.seq}`).lit?.parties ?? [])]).toEqual(
    expect.arrayContaining(['agent:backend-1', 'agent:security-2', 'outside:client']),
  );
  expect(at(asked.seq).lit).toBeNull();
});
