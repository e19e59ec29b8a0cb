import { Link } from 'wouter';
import { usePathname } from 'wouter/use-browser-location';
import { useSearch, withSearch } from '../scope/use-search.ts';

type Props = { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } };

/** The next page has a URL of its own, so that the browser's Back goes to this one. */
export function Pager({ pageInfo: { hasNextPage, endCursor } }: Props) {
  const path = usePathname();
  const [parameters] = useSearch();
  const to = (after: string | null) => {
    const next = new URLSearchParams(parameters);
    if (after === null) next.delete('after');
    else next.set('after', after);
    return withSearch(path, next);
  };
  const isFirst = !parameters.has('after');
  if (isFirst && !hasNextPage) return null;
  return (
    <nav className="pager" aria-label="Pages">
      {!isFirst && (
        <Link className="button" href={to(null)}>
          Newest
        </Link>
      )}
      {hasNextPage && (
        <Link className="button" href={to(endCursor)}>
          Older
        </Link>
      )}
    </nav>
  );
}
