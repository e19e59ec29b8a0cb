import { useSearch } from './use-search.ts';

/** What all questions of the page are about. */
export type Scope = {
  readonly tenant: string;
  /** Knowledge time: a moment, or the `readAt` of an earlier answer. Absent: now. */
  readonly asOf: string | undefined;
};

/** It stands in the URL, so that whoever is given the URL sees the same. */
export function useScope(): Scope {
  const [parameters] = useSearch();
  return {
    tenant: parameters.get('tenant') ?? 'default',
    asOf: parameters.get('asOf') ?? undefined,
  };
}

const KEPT = ['tenant', 'asOf'] as const;

export type Parameters = Readonly<Record<string, string | undefined>>;

/** Makes links that stay within the scope: `href('/findings', { station: 'CP-1' })`. */
export function useHref(): (path: string, more?: Parameters) => string {
  const [parameters] = useSearch();
  return (path, more = {}) => {
    const kept = KEPT.map((name) => [name, parameters.get(name) ?? undefined] as const);
    return withParameters(path, { ...Object.fromEntries(kept), ...more });
  };
}

export function withParameters(path: string, parameters: Parameters): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  const search = new URLSearchParams(given).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** A record's id has slashes of its own, which stay; a station's name may hold anything. */
export const framePath = (id: string) => `/frames/${id.split('/').map(encodeURIComponent).join('/')}`;
export const transactionPath = (id: string) => framePath(id).replace('/frames/', '/transactions/');
export const stationPath = (station: string) => `/stations/${encodeURIComponent(station)}`;

/** One filter in the URL: its value, and what changes it without a step in the browser's history. */
export function useParameter(name: string): readonly [string, (value: string) => void] {
  const [parameters, setParameters] = useSearch();
  const change = (value: string) => {
    setParameters(
      (next) => {
        if (value === '') next.delete(name);
        else next.set(name, value);
        // A page of another list.
        next.delete('after');
      },
      { replace: true },
    );
  };
  return [parameters.get(name) ?? '', change];
}
