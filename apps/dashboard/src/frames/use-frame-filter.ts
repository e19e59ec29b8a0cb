import type { Direction, FrameFilter } from '../questions/generated.ts';
import { useScope } from '../scope/use-scope.ts';
import { useSearch } from '../scope/use-search.ts';

const isDirection = (text: string | null): text is Direction =>
  text === 'STATION_TO_CSMS' || text === 'CSMS_TO_STATION';

/** The frames that the URL asks for: `?station=&action=&direction=&text=`. */
export function useFrameFilter(station?: string): FrameFilter {
  const { tenant } = useScope();
  const [parameters] = useSearch();
  const given = (name: string) => {
    const value = parameters.get(name)?.trim();
    return value === '' || value === undefined ? undefined : value;
  };
  const [action, direction] = [given('action'), parameters.get('direction')];
  const one = station ?? given('station');
  return {
    tenant,
    ...(one !== undefined && { station: [one] }),
    ...(action !== undefined && { action: [action] }),
    ...(isDirection(direction) && { direction }),
    ...(given('text') !== undefined && { text: given('text') }),
  };
}
