import { useEffect, useRef } from 'react';
import { usePathname } from 'wouter/use-browser-location';

/** Another view begins at its top, and is where the next Tab goes on; Back and forward are the browser's. */
export function useScroll(): void {
  const path = usePathname();
  const shown = useRef(path);
  const wentBack = useRef(false);
  useEffect(() => {
    const onBack = () => {
      wentBack.current = true;
    };
    addEventListener('popstate', onBack);
    return () => {
      removeEventListener('popstate', onBack);
    };
  }, []);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    if (!wentBack.current) {
      scrollTo(0, 0);
      document.getElementById('content')?.focus({ preventScroll: true });
    }
    wentBack.current = false;
  }, [path]);
}
