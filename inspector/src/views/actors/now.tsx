import type { Json } from 'xstate-hub';
import { useAnswer } from '../../model/answers.ts';
import type { Run } from '../../model/run.ts';
import { calledIn } from '../../model/talks.ts';
import { clock } from '../../ui/time.ts';

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

const isPlain = (value: Json): boolean =>
  typeof value !== 'object' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));

const words = (key: string): string =>
  key
    .replace(/Id$/, '')
    .replace(/At$/, '')
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
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
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
  const entries = Object.entries(value ?? {}).filter(([, one]) => !isEmpty(one as Json));
  const isFlat = entries.every(([, one]) => isPlain(one as Json));
  if (Array.isArray(value) || !isFlat) return <pre className="json">{JSON.stringify(value, null, 1)}</pre>;
  return (
    <dl>
      {entries.map(([key, one]) => (
        <div key={key}>
          <dt>{words(key)}</dt>{' '}
          <dd>
            <Value run={run} name={key === 'at' ? 'At' : key} value={one as Json} onSelect={onSelect} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
