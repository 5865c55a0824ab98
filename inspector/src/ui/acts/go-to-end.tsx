import type { Run } from '../../model/run.ts';

/** The way out of the past, where somebody wants to act: nothing where it would not help. */
export function GoToEnd({ run }: { readonly run: Run }) {
  if (run.actable.ok || run.isAtHead || run.isOver) return null;
  return (
    <button type="button" className="button" onClick={() => run.seek(run.head)}>
      Go to the end
    </button>
  );
}
