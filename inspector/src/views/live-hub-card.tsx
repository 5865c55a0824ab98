import { Radio } from 'lucide-react';
import { useWorkbench } from '../model/hooks.ts';
import { offeredHub } from '../model/live.ts';
import '../styles/live.css';

/** The hub behind this page, where there is one. */
export function LiveHubCard() {
  const workbench = useWorkbench();
  const hub = offeredHub();
  if (hub === null) return null;
  return (
    <button
      type="button"
      className="live-card"
      disabled={workbench.opening !== null}
      onClick={() => void workbench.openHub(hub.url)}
    >
      <Radio size={20} aria-hidden />
      <span>
        <strong>Live hub</strong>
        <span className="soft">
          A hub with a small team runs behind this page, in real time. Send it work, and decide at its gates.
        </span>
      </span>
      <span className="soft mono">{new URL(hub.url).host}</span>
    </button>
  );
}
