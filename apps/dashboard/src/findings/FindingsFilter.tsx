import { ChoiceFilter } from '../filters/ChoiceFilter.tsx';
import { FilterBar } from '../filters/FilterBar.tsx';
import { TextFilter } from '../filters/TextFilter.tsx';
import { CATEGORIES } from './categories.ts';

export const FindingsFilter = () => (
  <FilterBar>
    <TextFilter name="station" label="Station" />
    <ChoiceFilter name="category" label="About" all="All rules" choices={CATEGORIES} />
  </FilterBar>
);
