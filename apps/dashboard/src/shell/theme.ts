import { useSyncExternalStore } from 'react';

/** `system` follows what the browser prefers. theme.js applies it before the first paint. */
export type Theme = 'system' | 'light' | 'dark';
const KEPT = 'chargeproof-theme';
const listeners = new Set<() => void>();

const read = (): Theme => {
  const kept = localStorage.getItem(KEPT);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
};

export function setTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(KEPT);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEPT, theme);
    document.documentElement.dataset.theme = theme;
  }
  for (const listener of listeners) listener();
}

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  prefersDark.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    prefersDark.removeEventListener('change', listener);
  };
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, read);

/** What is seen now, whoever chose it. */
export const useIsDark = (): boolean =>
  useSyncExternalStore(subscribe, () => (read() === 'system' ? prefersDark.matches : read() === 'dark'));
