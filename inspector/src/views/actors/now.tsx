import type { Json } from 'xstate-hub';
import { useAnswer } from '../../model/answers.ts';
import type { Run } from '../../model/run.ts';
import { calledIn } from '../../model/talks.ts';
import { clock, length } from '../../ui/time.ts';
import { minutes } from '../plan/status.ts';

interface Props {
  readonly run: Run;
  readonly id: string;
  onSelect(id: string): void;
}

/** Said already, above. */
const known = new Set(['id', 'state', 'status', 'orchestrationId', 'seq']);

/** What the picture of the moment says about it. */
export function Now({ run, id, onSelect }: Props) {
  const { answer } = useAnswer(run, 'actor', { seq: run.position, id });
  const entries = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? Object.entries(answer) : [];
  const said = entries.filter(([key, value]) => !known.has(key) && !isEmpty(value as Json));
  if (said.length === 0) return null;
  return (
    <section className="now-facts">
      <h3>At this moment</h3>
      <dl>
        {said.map(([key, value]) => (
          <div key={key}>
            <dt>{words(key)}</dt>
            <dd>
              <Value run={run} name={key} value={value as Json} onSelect={onSelect} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const isEmpty = (value: Json): boolean =>
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && Object.values(value as object).every((one) => isEmpty(one as Json)));

/** What is an average of nothing yet. */
const averages: { readonly [key: string]: string } = {
  successRate: 'taskCount',
  averageQuality: 'ratedCount',
  averageLatencyMs: 'timedCount',
};

const isRange = (value: object): value is { readonly min: number; readonly max: number } =>
  'min' in value && typeof value.min === 'number' && 'max' in value && typeof value.max === 'number';

const words = (key: string): string =>
  key
    .replace(/Id$/, '')
    .replace(/(At|Ms)$/, '')
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase();

const kinds = ['agent', 'task', 'consultation', 'gate', 'orchestration'];

interface ValueProps {
  readonly run: Run;
  readonly name: string;
  readonly value: Json;
  onSelect(id: string): void;
}

function Value({ run, name, value, onSelect }: ValueProps) {
  if (typeof value === 'number' && name.endsWith('At')) {
    return <span className="mono">{clock(value - (run.atOf(1) ?? 0))}</span>;
  }
  if (typeof value === 'number' && name.endsWith('Ms')) return <span className="mono">{length(value)}</span>;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' && !one.includes(', '))) {
    return value.map((one, index) => (
      <span key={one as string}>
        {index > 0 && ', '}
        <Value run={run} name={name} value={one as Json} onSelect={onSelect} />
      </span>
    ));
  }
  if (typeof value === 'string') {
    const actor = kinds.map((kind) => `${kind}:${value}`).find((id) => run.actors.has(id));
    if (actor === undefined || name === 'question') return value;
    return (
      <button type="button" className="link" onClick={() => onSelect(actor)}>
        {calledIn(run, actor)}
      </button>
    );
  }
  if (typeof value === 'number') return <span className="mono">{Math.round(value * 1000) / 1000}</span>;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) {
    return (
      <ol>
        {value.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what is said does not change its order
          <li key={index}>
            <Value run={run} name={name} value={one as Json} onSelect={onSelect} />
          </li>
        ))}
      </ol>
    );
  }
  if (value === null) return '–';
  if (isRange(value) && /minutes$/i.test(name)) return minutes(value);
  const fields = value as { readonly [key: string]: Json };
  const entries = Object.entries(fields).filter(([, one]) => !isEmpty(one));
  return (
    <dl>
      {entries.map(([key, one]) => (
        <div key={key}>
          <dt>{words(key)}</dt>{' '}
          <dd>
            {fields[averages[key] ?? ''] === 0 ? (
              '–'
            ) : (
              <Value run={run} name={key === 'at' ? 'At' : key} value={one} onSelect={onSelect} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
