import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { WorkbenchContext } from './model/hooks.ts';
import { Workbench } from './model/workbench.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';

const workbench = new Workbench();
const root = document.getElementById('page');
if (root !== null) {
  createRoot(root).render(
    <WorkbenchContext.Provider value={workbench}>
      <App />
    </WorkbenchContext.Provider>,
  );
}

/** The address follows what is shown; and what is shown follows an address that is typed in. */
let written = location.hash;
const follow = () => {
  if (workbench.current === null && workbench.opening !== null) return;
  const { link } = workbench;
  if (link === written) return;
  written = link;
  history.replaceState(null, '', link);
};
setInterval(follow, 500);
addEventListener('hashchange', () => {
  if (location.hash === written) return;
  written = location.hash;
  void workbench.go(location.hash);
});
if (location.hash.length > 1) void workbench.go(location.hash);
