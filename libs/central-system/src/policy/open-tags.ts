import { caseless } from '@chargeproof/ocpp';
import type { Micros } from '@chargeproof/record';
import { digest } from '../digest.ts';
import type { StationState } from '../station-state.ts';

/** Of a tag in any case of letters, so that none is kept in clear. */
export const digestOf = (idTag: string): string => digest(caseless(idTag));

/** A transaction that nobody saw the end of holds its tag for a day: its station may have stopped elsewhere. */
const HELD: Micros = 86_400_000_000;

/** Which tags charge, over all stations that one run answers. */
export class OpenTags {
  /** By the tag's digest: where, as station and place, and since when. */
  readonly #places = new Map<string, Map<string, Micros>>();

  /** What a station's state was and is. */
  follow(station: string, { open: before }: StationState, { open: after }: StationState): void {
    if (before === after) return;
    for (const [place, { tag }] of before) {
      const places = this.#places.get(tag);
      places?.delete(at(station, place));
      if (places?.size === 0) this.#places.delete(tag);
    }
    for (const [place, { tag, since }] of after) {
      const places = this.#places.get(tag) ?? new Map<string, Micros>();
      this.#places.set(tag, places.set(at(station, place), since));
    }
  }

  isInUse(tag: string, station: string, place: string, now: Micros): boolean {
    const here = at(station, place);
    for (const [there, since] of this.#places.get(tag) ?? []) {
      if (there !== here && since > now - HELD) return true;
    }
    return false;
  }
}

/** No key of a station holds a blank. */
const at = (station: string, place: string) => `${station} ${place}`;
