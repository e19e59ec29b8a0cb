import { Link } from 'wouter';
import { useScopeLink } from '../parts/use-scope-link.ts';
import { useScope } from '../scope/use-scope.ts';
import { timeText } from '../writing/time.ts';

/** Nobody shall take what was known then for what is known now. */
export function PastBanner() {
  const { asOf } = useScope();
  const now = useScopeLink();
  if (asOf === undefined) return null;
  return (
    <p className="past" role="status">
      You see what was known{' '}
      {Number.isNaN(Date.parse(asOf)) ? 'at the positions of an earlier answer' : `on ${timeText(asOf)}`}.{' '}
      <Link href={now}>Back to now</Link>
    </p>
  );
}
