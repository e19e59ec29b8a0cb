import { TextFilter } from '../frames/TextFilter.tsx';
import { useSearch } from '../scope/use-search.ts';
import { useParameter } from '../scope/use-scope.ts';
import { usePeriod } from '../scope/use-period.ts';
import { KINDS } from './words.ts';

/** Narrows the list; what is asked for stands in the URL. */
export function TransactionFilterBar() {
  const [kind, setKind] = useParameter('kind');
  return (
    <form
      role="search"
      className="filter"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <TextFilter name="station" label="Station" />
      <TextFilter name="transactionId" label="Transaction id" />
      <label>
        <span className="unseen">Kind</span>
        <select
          value={kind}
          onChange={({ target }) => {
            setKind(target.value);
          }}
        >
          <option value="">All kinds</option>
          {Object.entries(KINDS).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <PeriodChip />
    </form>
  );
}

/** A period that another view led here with, and what takes it away. */
function PeriodChip() {
  const [parameters, change] = useSearch();
  const { label } = usePeriod();
  if (!parameters.has('last') && !parameters.has('from')) return null;
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        change((next) => {
          for (const name of ['last', 'from', 'to', 'after']) next.delete(name);
        });
      }}
    >
      Begun in the {label.replace(/^the /, '')} <span aria-hidden="true">×</span>
      <span className="unseen">: show those of any time</span>
    </button>
  );
}
