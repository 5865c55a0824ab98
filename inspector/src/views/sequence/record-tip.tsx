import { detailOf, routeOf } from '../../model/flow.ts';
import type { Run } from '../../model/run.ts';
import { toneOfRecord } from '../../model/tone.ts';
import type { Size } from '../../ui/canvas.ts';
import { Mark } from '../../ui/mark.tsx';
import { clock } from '../../ui/time.ts';

interface TipProps {
  readonly run: Run;
  readonly at: { readonly seq: number; readonly x: number; readonly y: number };
  readonly size: Size;
}

/** What a record says, beside the pointer. */
export function RecordTip({ run, at: { seq, x, y }, size }: TipProps) {
  const record = run.records[seq - 1];
  if (record === undefined) return null;
  const isRight = x > size.width / 2;
  const isLow = y > size.height - 110;
  return (
    <div
      className="record-tip"
      style={{
        ...(isRight ? { right: size.width - x + 14 } : { left: x + 14 }),
        ...(isLow ? { bottom: size.height - y + 14 } : { top: y + 16 }),
      }}
    >
      <p className="tip-head">
        <Mark tone={toneOfRecord(record)} />
        <b>{record.type}</b>
        <span className="mono soft">{clock(record.at - (run.atOf(1) ?? record.at))}</span>
      </p>
      <p className="soft">{routeOf(record, run)}</p>
      <p>{detailOf(record, run)}</p>
    </div>
  );
}
