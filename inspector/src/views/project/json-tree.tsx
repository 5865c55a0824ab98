/** A JSON value as a tree that can be opened and shut, with what is new, gone or different in it. */
import { useState } from 'react';
import type { Json } from 'xstate-hub';
import type { DiffNode } from '../../model/json-diff.ts';
import { number } from '../../ui/number.ts';

/** So many of a level are shown at first, and as many more at each wish. */
const portion = 100;

export function JsonTree({ node, label }: { readonly node: DiffNode; readonly label: string }) {
  return (
    <div className="json-tree" role="group" aria-label={label}>
      <Level nodes={node.children ?? []} depth={0} isList={Array.isArray(node.after ?? node.before)} />
    </div>
  );
}

function Level(props: { readonly nodes: readonly DiffNode[]; readonly depth: number; readonly isList: boolean }) {
  const { nodes, depth, isList } = props;
  const [most, setMost] = useState(portion);
  if (nodes.length === 0) return <p className="soft nothing">nothing</p>;
  return (
    <ul>
      {nodes.slice(0, most).map((node) => (
        <li key={node.key}>
          <Branch node={node} depth={depth} isNumber={isList} />
        </li>
      ))}
      {nodes.length > most && (
        <li>
          <button type="button" className="link" onClick={() => setMost(most + portion)}>
            {nodes.length - most} more
          </button>
        </li>
      )}
    </ul>
  );
}

interface BranchProps {
  readonly node: DiffNode;
  readonly depth: number;
  readonly isNumber: boolean;
}

function Branch({ node, depth, isNumber }: BranchProps) {
  const { key, change, children, changes } = node;
  const value = node.after ?? node.before ?? null;
  const name = <span className={isNumber ? 'key soft' : 'key'}>{key}</span>;
  if (children === null || children.length === 0) {
    return (
      <div className={`leaf ${change}`}>
        {name}
        <Value node={node} />
        <Changed change={change} />
      </div>
    );
  }
  return (
    <details className={change} open={depth === 0 || change === 'inside'}>
      <summary>
        {name}
        <span className="soft">{sizeOf(value)}</span>
        {change === 'inside' ? (
          <span className="change tone-work">{changes === 1 ? '1 change' : `${changes} changes`}</span>
        ) : (
          <Changed change={change} />
        )}
      </summary>
      <Level nodes={children} depth={depth + 1} isList={Array.isArray(value)} />
    </details>
  );
}

function Value({ node: { change, before, after } }: { readonly node: DiffNode }) {
  if (change !== 'changed') return <Scalar value={after ?? before ?? null} isGone={change === 'gone'} />;
  return (
    <span className="from-to">
      <Scalar value={before ?? null} isGone />
      <span className="soft" role="img" aria-label="now">
        →
      </span>
      <Scalar value={after ?? null} />
    </span>
  );
}

function Scalar({ value, isGone = false }: { readonly value: Json; readonly isGone?: boolean }) {
  const Tag = isGone ? 'del' : 'span';
  const kind = value === null ? 'null' : typeof value;
  return <Tag className={`value ${kind}`}>{typeof value === 'string' ? value : JSON.stringify(value)}</Tag>;
}

const changeNames = { new: 'new', gone: 'gone', changed: 'changed' } as const;
const changeTones = { new: 'done', gone: 'trouble', changed: 'work' } as const;

function Changed({ change }: Pick<DiffNode, 'change'>) {
  if (change === 'same' || change === 'inside') return null;
  return <span className={`change tone-${changeTones[change]}`}>{changeNames[change]}</span>;
}

function sizeOf(value: Json): string {
  const count = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  return Array.isArray(value) ? `${number(count)} in order` : count === 1 ? '1 entry' : `${number(count)} entries`;
}
