import { usePathname } from 'wouter/use-browser-location';
import { useSearch, withSearch } from '../scope/use-search.ts';

/** This view as of now. */
export function useScopeLink(): string {
  const path = usePathname();
  const [parameters] = useSearch();
  const next = new URLSearchParams(parameters);
  next.delete('asOf');
  return withSearch(path, next);
}
