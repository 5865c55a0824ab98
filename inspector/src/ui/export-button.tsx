import { Download } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Player } from '../model/player.ts';
import { IconButton } from './icon-button.tsx';

const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog.tsx')).ExportDialog }));

/** Opens what can be exported of a run. */
export function ExportButton({ player }: { readonly player: Player }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton name="Export" onPress={() => setOpen(true)}>
        <Download size={16} />
      </IconButton>
      {isOpen && (
        <Suspense>
          <ExportDialog run={player.run} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
