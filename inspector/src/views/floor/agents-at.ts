/** What an agent does at a moment, in words. */
import type { History } from '../../model/history.ts';
import type { Run } from '../../model/run.ts';
import { talksOf } from '../../model/talks.ts';
import type { Counts } from '../../model/tally.ts';
import { type Tone, toneOf, wordsOf } from '../../model/tone.ts';

export interface AgentAt {
  readonly id: string;
  readonly type: string;
  /** `later` before it came, `gone` after it left. */
  readonly presence: 'here' | 'later' | 'gone';
  /** `active.waiting`; empty when it is not here. */
  readonly state: string;
  /** `awaitingHuman` of one that is paused by a gate. */
  readonly means: string;
  readonly tone: Tone;
  /** Titles of its tasks; empty for none. */
  readonly tasks: readonly string[];
  /** `asks security-2`, `waits for ann`; empty when it waits for nobody. */
  readonly waits: string;
}

/** What is open at a moment, by the agent that it is about. */
export interface OpenTalks {
  readonly asking: ReadonlyMap<string, string>;
  readonly answering: ReadonlyMap<string, string>;
  readonly atGate: ReadonlyMap<string, string>;
}

const idOf = (actor: string): string => actor.slice(actor.indexOf(':') + 1);

export function openTalks(run: Run, { seq, openConsultations, openGates }: Counts): OpenTalks {
  const talks = talksOf(run);
  const asking = new Map<string, string>();
  const answering = new Map<string, string>();
  const atGate = new Map<string, string>();
  for (const actor of openConsultations) {
    const id = idOf(actor);
    const facts = talks.consultation(id);
    if (facts === undefined) continue;
    const specialist = talks.specialistOf(id, seq);
    asking.set(facts.from, specialist === null ? `waits for a ${facts.specialistType}` : `asks ${specialist}`);
    if (specialist !== null) answering.set(specialist, `answers ${facts.from}`);
  }
  for (const actor of openGates) {
    const id = idOf(actor);
    const agentId = talks.gate(id)?.agentId ?? null;
    const names = talks.approversOf(id, seq);
    if (agentId !== null) atGate.set(agentId, `waits for ${names.length === 0 ? 'a human' : names.join(' or ')}`);
  }
  return { asking, answering, atGate };
}

const nowhere = { state: '', means: '', tone: 'idle', tasks: [], waits: '' } as const;

export function agentAt(
  run: Run,
  { id, type }: { readonly id: string; readonly type: string },
  history: History | undefined,
  seq: number,
  open: OpenTalks,
): AgentAt {
  const { state, means = '' } = history?.at(seq) ?? {};
  if (state === undefined) return { id, type, presence: 'later', ...nowhere };
  if (state === 'stopped') return { id, type, presence: 'gone', ...nowhere };
  const held = state === 'idle' ? [] : talksOf(run).tasksOf(id, seq);
  const tasks = held.map((taskId) => run.facts.tasks.get(taskId)?.title ?? taskId);
  return {
    id,
    type,
    presence: 'here',
    state,
    means,
    tone: toneOf('agent', means),
    tasks,
    waits: waitsOf(id, state, open),
  };
}

function waitsOf(id: string, state: string, { asking, answering, atGate }: OpenTalks): string {
  if (state === 'active.answering') return answering.get(id) ?? '';
  if (state === 'active.waiting') return asking.get(id) ?? '';
  if (state === 'paused') return atGate.get(id) ?? '';
  return '';
}

/** `working`, `not there yet`, as a person reads it. */
export function stateWords({ presence, means }: AgentAt): string {
  if (presence === 'later') return 'not there yet';
  return presence === 'gone' ? 'has left' : wordsOf(means);
}

/** All about it in one line. */
export function sentenceOf(agent: AgentAt): string {
  const parts = [stateWords(agent), agent.waits, agent.tasks.join(', ')].filter((part) => part !== '');
  return `${agent.id}: ${parts.join('; ')}`;
}
