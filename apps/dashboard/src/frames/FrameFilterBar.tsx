import { useParameter } from '../scope/use-scope.ts';
import { ACTIONS } from './actions.ts';
import { TextFilter } from './TextFilter.tsx';

/** Narrows a list of frames; what is asked for stands in the URL. */
export function FrameFilterBar({ ofOneStation = false }: { readonly ofOneStation?: boolean }) {
  const [direction, setDirection] = useParameter('direction');
  return (
    <form
      role="search"
      className="filter"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      {!ofOneStation && <TextFilter name="station" label="Station" />}
      <TextFilter name="action" label="Action" list="actions" />
      <datalist id="actions">
        {ACTIONS.map((action) => (
          <option key={action} value={action} />
        ))}
      </datalist>
      <label>
        <span className="unseen">Direction</span>
        <select
          value={direction}
          onChange={({ target }) => {
            setDirection(target.value);
          }}
        >
          <option value="">Both directions</option>
          <option value="STATION_TO_CSMS">→ to CSMS</option>
          <option value="CSMS_TO_STATION">← to station</option>
        </select>
      </label>
      <TextFilter name="text" label="Text in the frame" />
    </form>
  );
}
