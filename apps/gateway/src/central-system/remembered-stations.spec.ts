import { NEW_STATION, type StationState } from '@chargeproof/central-system';
import { describe, expect, it } from 'vitest';
import { RememberedStations } from './remembered-stations.ts';

const MINUTE = 60_000_000;
const withStart = (id: number): StationState => ({ ...NEW_STATION, starts: new Map([['a start', id]]) });
const charging = (tag: string): StationState => ({
  ...withStart(1),
  open: new Map([['1', { transaction: '1', tag, since: 0 }]]),
});

/** Room for about ten of either kind. */
function remembering(named: readonly string[] = []) {
  let now = 0;
  const stations = new RememberedStations(
    { monotonic: () => now, wall: () => now },
    (station) => named.includes(station),
    { passing: 5000, known: 10_000 },
  );
  const visit = (station: string, state?: StationState, minutes = 0) => {
    stations.came(station);
    const found = stations.of(station);
    if (state !== undefined) stations.keep(station, state);
    now += minutes * MINUTE;
    stations.went(station);
    return found;
  };
  const flood = (names = 1000) => {
    for (let name = 0; name < names; name += 1) visit(`made-up-${name}`, withStart(name));
  };
  return { stations, visit, flood, later: (minutes: number) => (now += minutes * MINUTE) };
}

describe('what is kept of a station', () => {
  it('is there when it comes again, and nothing of one that has no more than a new one', () => {
    const { visit, stations } = remembering();
    expect(visit('CP-1', withStart(7))).toBe(NEW_STATION);
    expect(visit('CP-1').starts.get('a start')).toBe(7);
    visit('CP-1', NEW_STATION);
    expect(visit('CP-1')).toBe(NEW_STATION);
    stations.keep('CP-1', withStart(8));
    expect(visit('CP-1')).toBe(NEW_STATION);
  });

  it('is there through any flood of names while its socket is, and longer than theirs', () => {
    const { visit, stations, flood } = remembering();
    stations.came('stays');
    stations.keep('stays', charging('TAG'));
    flood();
    expect(stations.of('stays').open.size).toBe(1);
    expect(stations.isInUse('TAG', 'CP-2', '1')).toBe(true);
    expect(visit('made-up-0')).toBe(NEW_STATION);
    expect(visit('made-up-999').starts.get('a start')).toBe(999);
  });

  it('is forgotten after that of names nobody knows: where a listed tag charges, whom the operator names, who was here for long', () => {
    const { visit, flood, later, stations } = remembering(['named']);
    visit('charges', charging('TAG'));
    visit('named', withStart(1));
    visit('long', withStart(2), 10);
    visit('again', withStart(3));
    later(10);
    visit('again');
    visit('brief', withStart(4), 9);
    flood();
    expect(visit('charges').open.size).toBe(1);
    expect(['named', 'long', 'again'].map((name) => visit(name).starts.get('a start'))).toEqual([1, 2, 3]);
    expect(visit('brief')).toBe(NEW_STATION);
    expect(stations.isInUse('TAG', 'CP-2', '1')).toBe(true);
  });

  it('is forgotten of those too, when they are too many; the tag that charged there may charge anywhere', () => {
    const { visit, flood, stations } = remembering();
    for (let name = 0; name < 50; name += 1) visit(`charges-${name}`, charging(`TAG-${name}`));
    flood();
    expect(visit('charges-0')).toBe(NEW_STATION);
    expect(visit('charges-49').open.size).toBe(1);
    expect(['TAG-0', 'TAG-49'].map((tag) => stations.isInUse(tag, 'CP-2', '1'))).toEqual([false, true]);
  });
});
