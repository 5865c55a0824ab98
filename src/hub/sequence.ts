/**
 * A log as a sequence diagram in Mermaid: who said what to whom, in order, with everybody who speaks as a lifeline.
 *
 * - Sq1 what is to or from a task, a gate or a question is to or from the hub, which keeps those.
 */
import type { HubRecord } from '../machines/messages.ts';

/** Of a longer log, so many messages are drawn: Mermaid cannot draw many more. */
const longest = 2000;

/** Signs of life and the hub's own book-keeping would hide what is said. */
const left: ReadonlySet<string> = new Set(['agent.heartbeat', 'message.acknowledge', 'deadline.passed']);

/** @param records a log from its beginning */
export function sequenceOf(records: Iterable<HubRecord>): string {
  const names = new Map([['hub', 'hub']]);
  const lines: string[] = [];
  let count = 0;
  const agents = new Set<string>();
  for (const record of records) {
    const { type, from, to, payload } = record;
    if (type === 'agent.register') agents.add(payload.agentId);
    const speaks = (id: string) => (id === 'hub' || id === 'client' || agents.has(id) ? id : 'hub');
    const [a, b] = [speaks(from), speaks(to)];
    if (left.has(type) || (a === b && a !== 'hub') || count++ >= longest) continue;
    const label = plain(`${type}${about(record)}`);
    if (a === b) lines.push(`Note over ${nameOf(a)}: ${label}`);
    else lines.push(`${nameOf(a)}->>${nameOf(b)}: ${label}`);
  }
  return [
    'sequenceDiagram',
    ...(count > longest ? [`  %% the first ${longest} of ${count} messages`] : []),
    ...[...names].map(([id, name]) => `  participant ${name} as ${plain(id)}`),
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n');

  function nameOf(id: string): string {
    const known = names.get(id);
    if (known !== undefined) return known;
    const name = `p${names.size}`;
    names.set(id, name);
    return name;
  }
}

/** What a message is about, in a few words. */
function about({ payload }: HubRecord): string {
  const { taskId, messageType, question, reason } = payload as { readonly [field: string]: unknown };
  const text = [messageType, taskId, question ?? reason].filter((part) => typeof part === 'string').join(', ');
  return text === '' ? '' : ` ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`;
}

/** Without what ends a label, or begins something in it. */
const plain = (text: string): string =>
  text.replace(/[^\p{L}\p{N} .,_()'!?+*=@$%:…/-]/gu, (found) => `#${found.codePointAt(0)};`);
