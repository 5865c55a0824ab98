import { Download } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Player } from '../model/player.ts';

const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog.tsx')).ExportDialog }));

/** Opens what can be taken away of a run. */
export function ExportButton({ player }: { readonly player: Player }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button quiet icon" aria-label="Take it away" onClick={() => setOpen(true)}>
        <Download size={16} />
      </button>
      {isOpen && (
        <Suspense>
          <ExportDialog run={player.run} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
