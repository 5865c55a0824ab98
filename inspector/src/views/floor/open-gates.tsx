import { User } from 'lucide-react';
import { useWorkbench } from '../../model/hooks.ts';
import { seatsFor } from './geometry.ts';
import type { Spot } from './layout.ts';
import type { OpenGate } from './scene.ts';

/** Humans at the rim: what each is asked. */
export function OpenGates({
  gates,
  at,
  width,
}: {
  readonly gates: readonly OpenGate[];
  readonly at: Spot;
  readonly width: number;
}) {
  const workbench = useWorkbench();
  if (gates.length === 0) return null;
  const seats = seatsFor(gates.length, width);
  const shown = gates.slice(0, seats.shown);
  return (
    <ul className="floor-gates" aria-label="Open gates" style={{ left: at.x, top: at.y }}>
      {shown.map(({ id, reason, approvers }) => (
        <li key={id} style={{ width: seats.pitch }}>
          <button
            type="button"
            title={reason}
            aria-pressed={workbench.selection === `gate:${id}`}
            onClick={() => workbench.select(`gate:${id}`)}
          >
            <User size={18} aria-hidden />
            <span>
              <b>{approvers.length === 0 ? 'A human' : approvers.join(' or ')}</b>
              <span className="reason">{reason}</span>
            </span>
          </button>
        </li>
      ))}
      {gates.length > shown.length && (
        <li style={{ width: seats.pitch }}>
          <button type="button" className="more" onClick={() => workbench.show('gates')}>
            {gates.length - shown.length} more
          </button>
        </li>
      )}
    </ul>
  );
}
