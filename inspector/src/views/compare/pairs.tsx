import { useEffect, useRef, useState } from 'react';
import type { Json } from 'xstate-hub';
import type { Comparison, Likeness } from '../../model/comparison.ts';
import { detailOf, routeOf } from '../../model/flow.ts';
import { type DiffNode, diffTree } from '../../model/json-diff.ts';
import type { Run } from '../../model/run.ts';
import { useFixedRows } from '../../ui/fixed-rows.ts';
import { number } from '../../ui/number.ts';
import { fineClock } from '../../ui/time.ts';

interface PairsProps {
  readonly run: Run;
  readonly other: Run;
  /** What this run is called, and the other. */
  readonly names: readonly [string, string];
  readonly comparison: Comparison;
}

/** Records before the first difference that are shown. */
const context = 3;
const rowHeight = 34;

export const signs: { readonly [likeness in Likeness]: { readonly sign: string; readonly words: string } } = {
  same: { sign: '=', words: 'the same' },
  alike: { sign: '≈', words: 'the same but for generated ids' },
  different: { sign: '≠', words: 'different' },
  missing: { sign: '', words: 'nothing to compare with' },
};

/** Both logs side by side; what they begin with alike is folded. */
export function Pairs({ run, other, names, comparison }: PairsProps) {
  const { same, firstDifference } = comparison;
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const seq = chosen ?? firstDifference;
  const hidden = isOpen ? 0 : Math.max(0, same - context);
  const length = Math.max(run.head, other.head);
  const count = length - hidden;
  const list = useRef<HTMLDivElement>(null);
  const rows = useFixedRows(list, count, rowHeight);
  const { scrollTo } = rows;
  useEffect(() => {
    if (firstDifference !== null) scrollTo(firstDifference - 1 - hidden, 'center');
  }, [scrollTo, firstDifference, hidden]);
  return (
    <>
      {(hidden > 0 || isOpen) && (
        <button type="button" className="compare-fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen
            ? `Fold the ${number(same)} records that are the same`
            : `Records 1 to ${number(hidden)} are the same${comparison.isByIds ? ' but for generated ids' : ''}`}
        </button>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <div ref={list} className="compare-list" role="table" aria-label="Both logs" aria-rowcount={count} tabIndex={0}>
        <div role="rowgroup" className="compare-heads">
          <div role="row">
            <span role="columnheader">Record</span>
            <span role="columnheader" className="truncate">
              This run <span className="soft">{names[0]}</span>
            </span>
            <span role="columnheader">
              <span className="only-read">How alike</span>
            </span>
            <span role="columnheader" className="truncate">
              The other <span className="soft">{names[1]}</span>
            </span>
          </div>
        </div>
        <div role="rowgroup" style={{ height: rows.height, position: 'relative' }}>
          {rows.items.map(({ index, start }) => {
            const number = index + hidden + 1;
            const likeness = comparison.likeness(number);
            const { sign, words } = signs[likeness];
            const fields =
              likeness === 'different' ? `: ${comparison.fieldsAt(number).map(nameOfField).join(', ')}` : '';
            return (
              <div
                key={number}
                role="row"
                aria-rowindex={index + 1}
                className={`compare-row${number === seq ? ' current' : ''}${likeness === 'different' ? ' different' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span role="cell" className="mono soft">
                  <button type="button" onClick={() => setChosen(number)}>
                    {number}
                  </button>
                </span>
                <Cell run={run} seq={number} />
                <span role="cell" className="compare-sign" title={`${words}${fields}`}>
                  <span aria-hidden>{sign}</span>
                  <span className="only-read">
                    {words}
                    {fields}
                  </span>
                </span>
                <Cell run={other} seq={number} />
              </div>
            );
          })}
        </div>
      </div>
      {seq !== null && <Fields seq={seq} run={run} other={other} comparison={comparison} />}
    </>
  );
}

function Cell({ run, seq }: { readonly run: Run; readonly seq: number }) {
  const record = run.records[seq - 1];
  if (record === undefined) {
    return (
      <span role="cell" className="soft">
        {run.isOver ? 'no record: it was over' : run.isSimulation ? 'not played yet' : 'not there yet'}
      </span>
    );
  }
  const detail = detailOf(record, run);
  return (
    <span role="cell" className="compare-cell">
      <span className="mono soft">{fineClock(record.at - (run.atOf(1) ?? 0))}</span>
      <span className="truncate">
        <strong>{record.type}</strong> <span className="soft">{routeOf(record, run)}</span>
      </span>
      <span className="soft truncate">{detail}</span>
    </span>
  );
}

interface FieldsProps {
  readonly seq: number;
  readonly run: Run;
  readonly other: Run;
  readonly comparison: Comparison;
}

/** What is different within one pair, field by field. */
function Fields({ seq, run, other, comparison }: FieldsProps) {
  const [here, there] = [run.records[seq - 1], other.records[seq - 1]];
  const differences =
    here === undefined || there === undefined
      ? []
      : comparison
          .fieldsAt(seq)
          .flatMap((field) => leavesOf(diffTree(field, here[field] as Json, there[field] as Json), field))
          .filter(({ before, after }) => !comparison.saySame(before, after));
  const shown = (of: Run, path: string, value: Json | undefined) =>
    path === 'at' && typeof value === 'number' ? fineClock(value - (of.atOf(1) ?? 0)) : textOf(value);
  return (
    <section className="compare-fields" aria-label={`Record ${seq}`}>
      <h2>
        Record {seq}
        <button type="button" className="button" disabled={here === undefined} onClick={() => run.seek(seq)}>
          Go there
        </button>
      </h2>
      {differences.length === 0 ? (
        <p className="soft">
          {here === undefined || there === undefined
            ? 'Only one of the runs has it.'
            : 'The same in both, but for generated ids.'}
        </p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">This run</th>
              <th scope="col">The other</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ path, before, after }) => (
              <tr key={path}>
                <th scope="row" className="mono">
                  {nameOfField(path)}
                </th>
                <td className="mono">{shown(run, path, before)}</td>
                <td className="mono">{shown(other, path, after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const nameOfField = (path: string): string => (path === 'at' ? 'time' : path);

const textOf = (value: Json | undefined): string => (value === undefined ? '–' : JSON.stringify(value));

type Leaf = { readonly path: string } & Pick<DiffNode, 'before' | 'after'>;

function leavesOf(node: DiffNode, path: string): Leaf[] {
  if (node.change === 'same') return [];
  if (node.change !== 'inside') return [{ path, before: node.before, after: node.after }];
  return (node.children ?? []).flatMap((child) => leavesOf(child, path === '' ? child.key : `${path}.${child.key}`));
}
