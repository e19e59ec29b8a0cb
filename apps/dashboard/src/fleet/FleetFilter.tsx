import { useParameter } from '../scope/use-scope.ts';
import { SHOWN } from './rows.ts';

/** Narrows what is shown; it stands in the URL. */
export function FleetFilter() {
  const [text, setText] = useParameter('text');
  const [show, setShow] = useParameter('show');
  return (
    <form
      role="search"
      className="filter"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <label>
        <span className="unseen">Find a station</span>
        <input
          type="search"
          placeholder="Station, vendor, model, firmware"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
          }}
        />
      </label>
      <label>
        <span className="unseen">Show</span>
        <select
          value={show}
          onChange={({ target }) => {
            setShow(target.value);
          }}
        >
          <option value="">All stations</option>
          {Object.entries(SHOWN).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}
