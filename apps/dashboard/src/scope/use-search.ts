import { navigate, usePathname, useSearch as useRawSearch } from 'wouter/use-browser-location';

type Change = (parameters: URLSearchParams) => void;
export type ChangeSearch = (change: Change, options?: { readonly replace?: boolean }) => void;

/**
 * The URL's parameters, and what changes them. Not the router's own `useSearchParams`: it decodes twice, and
 * a text or a station with a percent sign would be another one.
 */
export function useSearch(): readonly [URLSearchParams, ChangeSearch] {
  const parameters = new URLSearchParams(useRawSearch());
  const path = usePathname();
  return [
    parameters,
    (change, { replace = false } = {}) => {
      const next = new URLSearchParams(location.search);
      change(next);
      navigate(withSearch(path, next), { replace });
    },
  ];
}

export const withSearch = (path: string, parameters: URLSearchParams): string =>
  parameters.size === 0 ? path : `${path}?${parameters.toString()}`;

/** What stands behind the view's name in the path, decoded once; empty where nothing does. */
export function useRest(): string {
  const [, , ...rest] = usePathname().split('/');
  return rest.map(decoded).join('/');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // Written by hand: it names nothing, and the view says so.
  }
}
