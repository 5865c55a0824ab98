import { useWorkbench } from '../model/hooks.ts';

/** What could not be opened: what was wrong, where, and what was expected. */
export function TroubleBar() {
  const workbench = useWorkbench();
  const { trouble } = workbench;
  return (
    <div role="alert" className="trouble-slot">
      {trouble !== null && (
        <div className="trouble-bar">
          <div>
            <strong>{trouble.what}</strong> <span className="mono">{trouble.refusal.message}</span>
          </div>
          <button type="button" className="button" onClick={() => workbench.dismiss()}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  );
}
