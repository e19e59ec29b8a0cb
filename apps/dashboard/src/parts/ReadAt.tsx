import { usePathname } from 'wouter/use-browser-location';
import type { Period } from '../scope/use-period.ts';
import { useSearch, withSearch } from '../scope/use-search.ts';
import { Copy } from './Copy.tsx';

type Props = { readonly readAt: string | undefined; readonly period?: Period };

/** The log positions that this was read at: with them the same question gets the same answer. */
export function ReadAt({ readAt, period }: Props) {
  const path = usePathname();
  const [parameters] = useSearch();
  if (readAt === undefined) return <p className="read-at"> </p>;
  const pinned = new URLSearchParams(parameters);
  pinned.set('asOf', readAt);
  if (period !== undefined) {
    pinned.delete('last');
    pinned.set('from', period.from);
    pinned.set('to', period.to);
  }
  return (
    <p className="read-at">
      <span>Read at</span> <code title={readAt}>{readAt}</code>
      <Copy text={readAt} label="Copy" />
      <Copy text={`${location.origin}${withSearch(path, pinned)}`} label="Copy link" />
    </p>
  );
}
