import { useEffect, useRef, useState } from 'react';
import { gateAt, gatesAt } from '../model/gates.ts';
import { useRun } from '../model/hooks.ts';
import type { Run } from '../model/run.ts';

/** Says that a gate has opened, whichever view is shown, to those who do not see the mark. */
export function GatesAnnouncer({ run }: { readonly run: Run }) {
  useRun(run);
  const known = useRef<ReadonlySet<string> | null>(null);
  const [said, setSaid] = useState('');
  const { open } = gatesAt(run);
  useEffect(() => {
    const before = known.current;
    const fresh = before === null ? [] : open.filter(({ id }) => !before.has(id));
    if (before !== null && fresh.length === 0) return;
    known.current = new Set([...(before ?? []), ...open.map(({ id }) => id)]);
    const last = fresh.at(-1);
    const gate = last === undefined ? null : gateAt(run, last);
    if (gate === null) return;
    const others = fresh.length > 1 ? ` And ${fresh.length - 1} more.` : '';
    setSaid(`A gate is open: ${gate.reason}.${others} Key 9 shows the gates.`);
  });
  return (
    <div className="only-read" role="status" aria-label="Gates">
      {said}
    </div>
  );
}
