import { isNew, NEW_STATION, OpenTags, type StationState } from '@chargeproof/central-system';
import type { Clock } from '../clock.ts';
import { Recent } from '../limits/recent.ts';

const MiB = 1024 * 1024;

/** Of stations that have gone and that nobody vouches for: some 40,000 with a transaction each. */
const MOST_BYTES_PASSING = 16 * MiB;
/** Of those that are kept before them: some 150,000. */
const MOST_BYTES_KNOWN = 64 * MiB;
/** Who made up a name has to come back under it after this time, or to hold a socket for it, to be known. */
const KNOWN_AFTER: Microseconds = 600_000_000;

type Microseconds = number;
type Remembered = { readonly state: StationState; readonly came: Microseconds; readonly went: Microseconds };
type Present = { state: StationState; readonly came: Microseconds };

/** What a state takes in memory, as measured. */
const bytesOf = ({ state: { starts, open, asked } }: Remembered): number =>
  200 + 100 * starts.size + 500 * open.size + 100 * asked.size;

/**
 * What is kept of each station that is answered here, and which tags charge at them. In security profile 0 anybody can
 * make up names: of who is there all is kept, of the others up to so many bytes. Forgotten is who went first, and of
 * those that are known only when there are too many of these: of whom the operator says something by name, where a
 * listed tag charges, or that was here for ten minutes, from when it first came until it last went.
 */
export class RememberedStations {
  readonly #clock: Pick<Clock, 'monotonic' | 'wall'>;
  readonly #isNamed: (station: string) => boolean;
  readonly #openTags = new OpenTags();
  /** By key, so many as there are sockets. */
  readonly #present = new Map<string, Present>();
  readonly #passing: Recent<Remembered>;
  readonly #known: Recent<Remembered>;

  /** @param isNamed whether the operator says something of a station by its name */
  constructor(
    clock: Pick<Clock, 'monotonic' | 'wall'>,
    isNamed: (station: string) => boolean,
    most: { readonly passing: number; readonly known: number } = {
      passing: MOST_BYTES_PASSING,
      known: MOST_BYTES_KNOWN,
    },
  ) {
    this.#clock = clock;
    this.#isNamed = isNamed;
    this.#passing = new Recent(most.passing, bytesOf);
    this.#known = new Recent(most.known, bytesOf);
  }

  of(station: string): StationState {
    return this.#present.get(station)?.state ?? NEW_STATION;
  }

  /** Its first socket is there. */
  came(station: string): void {
    const { state, came } = this.#passing.take(station) ??
      this.#known.take(station) ?? { state: NEW_STATION, came: this.#clock.monotonic() };
    this.#present.set(station, { state, came });
  }

  /** Of a station that is there. */
  keep(station: string, state: StationState): void {
    const present = this.#present.get(station);
    if (present === undefined) return;
    this.#openTags.follow(station, present.state, state);
    present.state = state;
  }

  /** Its last socket is gone. */
  went(station: string): void {
    const present = this.#present.get(station);
    this.#present.delete(station);
    if (present === undefined || isNew(present.state)) return;
    const gone = { ...present, went: this.#clock.monotonic() };
    for (const [name, one] of this.#passing.set(station, gone)) {
      if (this.#isKnown(name, one)) this.#forget(this.#known.set(name, one));
      else this.#forget([[name, one]]);
    }
  }

  /** Whether a tag charges elsewhere than at that place of a station. @param tag its digest */
  isInUse(tag: string, station: string, place: string): boolean {
    return this.#openTags.isInUse(tag, station, place, this.#clock.wall());
  }

  #isKnown(name: string, { state, came, went }: Remembered): boolean {
    return state.open.size > 0 || went - came >= KNOWN_AFTER || this.#isNamed(name);
  }

  #forget(forgotten: readonly (readonly [name: string, remembered: Remembered])[]): void {
    for (const [name, { state }] of forgotten) this.#openTags.follow(name, state, NEW_STATION);
  }
}
