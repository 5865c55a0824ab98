/** Light or dark: as the machine is set, until a person chooses. */
import { useState } from 'react';
import { usePrefersDark } from './media.ts';

type Theme = 'light' | 'dark';
const key = 'xstate-hub.theme';

const stored = (): Theme | null => {
  const value = localStorage.getItem(key);
  return value === 'light' || value === 'dark' ? value : null;
};

const first = stored();
if (first !== null) document.documentElement.dataset.theme = first;

export function useTheme(): readonly [Theme, () => void] {
  const ofMachine: Theme = usePrefersDark() ? 'dark' : 'light';
  const [chosen, choose] = useState(stored);
  const theme = chosen ?? ofMachine;
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    localStorage.setItem(key, next);
    document.documentElement.dataset.theme = next;
    choose(next);
  };
  return [theme, toggle];
}
