import { ChoiceFilter } from '../filters/ChoiceFilter.tsx';
import { FilterBar } from '../filters/FilterBar.tsx';
import { TextFilter } from '../filters/TextFilter.tsx';
import { ACTIONS } from './actions.ts';

const DIRECTIONS = { STATION_TO_CSMS: '→ to CSMS', CSMS_TO_STATION: '← to station' };

export const FrameFilterBar = ({ ofOneStation = false }: { readonly ofOneStation?: boolean }) => (
  <FilterBar>
    {!ofOneStation && <TextFilter name="station" label="Station" />}
    <TextFilter name="action" label="Action" list="actions" />
    <datalist id="actions">
      {ACTIONS.map((action) => (
        <option key={action} value={action} />
      ))}
    </datalist>
    <ChoiceFilter name="direction" label="Direction" all="Both directions" choices={DIRECTIONS} />
    <TextFilter name="text" label="Text in the frame" />
  </FilterBar>
);
