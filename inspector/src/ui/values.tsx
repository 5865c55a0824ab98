/** Any JSON as people read it: keys and values, text as text. */
import type { Json } from 'xstate-hub';
import '../styles/values.css';

const mostFields = 40;
const longestText = 2_000;
const deepest = 4;

export function Values({ value, depth = 0 }: { readonly value: Json; readonly depth?: number }) {
  if (typeof value === 'string') return <Text text={value} />;
  if (typeof value !== 'object' || value === null) return <span className="mono">{String(value)}</span>;
  if (depth >= deepest) return <Text text={JSON.stringify(value)} />;
  if (Array.isArray(value)) return <Items items={value as readonly Json[]} depth={depth} />;
  const fields = Object.entries(value as { readonly [key: string]: Json });
  if (fields.length === 0) return <span className="soft">nothing</span>;
  return (
    <dl className="values">
      {fields.slice(0, mostFields).map(([key, field]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>
            <Values value={field} depth={depth + 1} />
          </dd>
        </div>
      ))}
      <More count={fields.length - mostFields} />
    </dl>
  );
}

function Items({ items, depth }: { readonly items: readonly Json[]; readonly depth: number }) {
  if (items.length === 0) return <span className="soft">none</span>;
  if (items.every((item) => typeof item !== 'object' || item === null)) {
    return <Text text={items.map(String).join(', ')} />;
  }
  return (
    <ol className="values-items">
      {items.slice(0, mostFields).map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is said does not change its order
        <li key={index}>
          <Values value={item} depth={depth + 1} />
        </li>
      ))}
      <More count={items.length - mostFields} />
    </ol>
  );
}

function More({ count }: { readonly count: number }) {
  return count > 0 ? <div className="soft">and {count} more</div> : null;
}

function Text({ text }: { readonly text: string }) {
  if (text === '') return <span className="soft">empty</span>;
  const shown = text.length > longestText ? `${text.slice(0, longestText)}… (${text.length} characters)` : text;
  return <span className="values-text">{shown}</span>;
}
