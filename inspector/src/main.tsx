import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Address } from './model/address.ts';
import { keepFocus } from './model/focus.ts';
import { WorkbenchContext } from './model/hooks.ts';
import { isLoadedAgain, Keeper } from './model/keeper.ts';
import { knownHub, offerHub } from './model/live.ts';
import { Workbench } from './model/workbench.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';

const workbench = new Workbench();
keepFocus(document);
const root = document.getElementById('page');
if (root !== null) {
  createRoot(root).render(
    <WorkbenchContext.Provider value={workbench}>
      <App />
    </WorkbenchContext.Provider>,
  );
}

const address = new Address(workbench);
const params = new URLSearchParams(location.hash.slice(1));
const [xstate4, stately] = [params.get('xstate4'), params.get('stately')];
if (xstate4 !== null) void workbench.receive('xstate4', xstate4);
else if (stately !== null) void workbench.receive('stately', stately);
else if (new URLSearchParams(location.search).has('inspect')) void workbench.receive('window');
else if (params.get('offers') !== null) {
  offerHub(knownHub(params.get('offers') as string, params.get('token')));
  workbench.signal.changedNow();
} else void address.lead(begin);

/** What was open in this tab before it was loaded again; and where the address leads, if that is elsewhere. */
async function begin(): Promise<void> {
  const { hash } = location;
  const wasThere = await new Keeper(workbench).begin();
  const isThere = wasThere && !params.has('hub') && (isLoadedAgain() || hash === workbench.link);
  if (hash.length > 1 && !isThere) await workbench.go(hash);
}
