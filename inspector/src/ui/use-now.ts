import { useEffect, useState } from 'react';
import type { Run } from '../model/run.ts';

/** What time it is at the moment that is shown, in ms since the epoch; on a live hub it goes on by itself. */
export function useNow(run: Run): number {
  const { isLive } = run;
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isLive) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, [isLive]);
  const shown = run.now ?? 0;
  return isLive ? Math.max(now, shown) : shown;
}
