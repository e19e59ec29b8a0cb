import { TextFilter } from '../frames/TextFilter.tsx';
import { useParameter } from '../scope/use-scope.ts';
import { CATEGORIES } from './categories.ts';

/** Narrows the findings; what is asked for stands in the URL. */
export function FindingsFilter() {
  const [category, setCategory] = useParameter('category');
  return (
    <form
      role="search"
      className="filter"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <TextFilter name="station" label="Station" />
      <label>
        <span className="unseen">About</span>
        <select
          value={category}
          onChange={({ target }) => {
            setCategory(target.value);
          }}
        >
          <option value="">All rules</option>
          {Object.entries(CATEGORIES).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}
