import { ChoiceFilter } from '../filters/ChoiceFilter.tsx';
import { FilterBar } from '../filters/FilterBar.tsx';
import { TextFilter } from '../filters/TextFilter.tsx';
import { SHOWN } from './rows.ts';

export const FleetFilter = () => (
  <FilterBar>
    <TextFilter name="text" label="Station, vendor, model, firmware" />
    <ChoiceFilter name="show" label="Show" all="All stations" choices={SHOWN} />
  </FilterBar>
);
