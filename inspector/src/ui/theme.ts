/** Light or dark: as the machine is set, until a person chooses. */
import { useState } from 'react';

type Theme = 'light' | 'dark';
const key = 'xstate-hub.theme';

const stored = (): Theme | null => {
  const value = localStorage.getItem(key);
  return value === 'light' || value === 'dark' ? value : null;
};
const ofMachine = (): Theme => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

const chosen = stored();
if (chosen !== null) document.documentElement.dataset.theme = chosen;

export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(() => stored() ?? ofMachine());
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    localStorage.setItem(key, next);
    document.documentElement.dataset.theme = next;
    setTheme(next);
  };
  return [theme, toggle];
}
