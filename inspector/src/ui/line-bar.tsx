import { Unplug } from 'lucide-react';
import { useRun } from '../model/hooks.ts';
import type { Run } from '../model/run.ts';

/** Whether the line to a live hub stands; what is shown stays while it does not. */
export function LineBar({ run }: { readonly run: Run }) {
  const { line } = useRun(run);
  const isLost = line?.state === 'lost' && !run.isOver;
  return (
    <div role="status" className="line-slot">
      {isLost && (
        <div className="line-bar tone-human">
          <Unplug size={16} aria-hidden />
          <span>
            <strong>Connection lost, trying again.</strong> {sentence(line.detail)}
          </span>
        </div>
      )}
    </div>
  );
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
