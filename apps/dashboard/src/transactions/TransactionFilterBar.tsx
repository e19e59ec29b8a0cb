import { ChoiceFilter } from '../filters/ChoiceFilter.tsx';
import { FilterBar } from '../filters/FilterBar.tsx';
import { TextFilter } from '../filters/TextFilter.tsx';
import { useSearch } from '../scope/use-search.ts';
import { usePeriod } from '../scope/use-period.ts';
import { KINDS } from './words.ts';

export const TransactionFilterBar = () => (
  <FilterBar>
    <TextFilter name="station" label="Station" />
    <TextFilter name="transactionId" label="Transaction id" />
    <ChoiceFilter name="kind" label="Kind" all="All kinds" choices={KINDS} />
    <PeriodChip />
  </FilterBar>
);

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
