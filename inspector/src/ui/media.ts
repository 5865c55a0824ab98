/** What the screen is like, and again when that changes. */
import { useCallback, useSyncExternalStore } from 'react';

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

export const useReducedMotion = () => useMedia('(prefers-reduced-motion: reduce)');

export const usePrefersDark = () => useMedia('(prefers-color-scheme: dark)');

/** As in the stylesheets. */
export const useNarrow = () => useMedia('(max-width: 760px)');
