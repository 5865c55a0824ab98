import { useEffect, useState } from 'react';
import { useWorkbench } from '../model/hooks.ts';
import { openFile } from '../model/open-file.ts';

/** A log or a scenario can be let fall anywhere on the page. */
export function DropTarget() {
  const workbench = useWorkbench();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      void openFile(workbench, event.dataTransfer?.files[0]);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [workbench]);
  if (!isOver) return null;
  return <div className="drop-target">Let it fall: a log is shown, a scenario is run.</div>;
}
