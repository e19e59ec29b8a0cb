import type { Micros, Position } from '@chargeproof/record';
import type { Row } from '@chargeproof/tables';
import {
  type Fact,
  type Projection,
  projectionId,
  type Said,
  type StampedFact,
  type StreamKey,
} from '../projection.ts';

export type Stamp = { readonly position: Position; readonly loggedAt: Micros };

const idsOfSets = new WeakMap<readonly Projection[], readonly string[]>();

/** The ids of a set, made once: they are asked for with every record. */
export function projectionIds(projections: readonly Projection[]): readonly string[] {
  const known = idsOfSets.get(projections);
  if (known !== undefined) return known;
  const ids = projections.map(projectionId);
  idsOfSets.set(projections, ids);
  return ids;
}

export function keyText(projection: Pick<Projection, 'key'>, key: Row): string {
  const names = Object.keys(projection.key);
  const only = names.length === 1 ? key[names[0] ?? ''] : undefined;
  return typeof only === 'string' ? only : JSON.stringify(names.map((name) => key[name] ?? null));
}

export function sameValues(projection: Pick<Projection, 'values'>, a: Row, b: Row): boolean {
  for (const name in projection.values) if ((a[name] ?? null) !== (b[name] ?? null)) return false;
  return true;
}

/** What is remembered within one fold: `over` once it is settled, `null` once it is retracted. */
type Remembered = (Said & { readonly over: boolean }) | null;

/** Where a key's last fact is, what held before it, and the one before that. */
type Emitted = {
  readonly index: number;
  readonly before: Row | null | undefined;
  readonly earlier: Emitted | undefined;
};

/**
 * What one projection says of one stream while records are folded: passes on only what changed, and of
 * what is said twice of a key at one position only the last.
 */
export class Saying {
  readonly #facts: (StampedFact | undefined)[] = [];
  readonly #projection: Projection;
  readonly #stream: StreamKey;
  readonly #before: Readonly<Record<string, Said>>;
  readonly #said: Map<string, Remembered>;
  readonly #latest = new Map<string, Emitted>();

  constructor(
    projection: Projection,
    stream: StreamKey,
    before: Readonly<Record<string, Said>>,
    said: ReadonlyMap<string, Remembered> = new Map(),
  ) {
    this.#projection = projection;
    this.#stream = stream;
    this.#before = before;
    this.#said = new Map(said);
  }

  say(fact: Fact, stamp: Stamp): void {
    const key = keyText(this.#projection, fact.key);
    const before = this.saidOf(key);
    const unchanged =
      fact.values !== null && before && sameValues(this.#projection, before.values, fact.values);
    if (!unchanged) this.#emit(key, fact, before === null ? null : before?.values, stamp);
    const { values, settled = false } = fact;
    this.#said.set(key, values && { values, time: unchanged ? before.time : fact.time, over: settled });
  }

  /** What holds of a key: null where it was retracted, undefined where nothing was said or it was settled before this fold. */
  saidOf(key: string): Said | null | undefined {
    const said = this.#said.get(key);
    if (said !== undefined) return said;
    // A key may be any peer's word: `toString` and `__proto__` too.
    return Object.hasOwn(this.#before, key) ? this.#before[key] : undefined;
  }

  facts(): readonly StampedFact[] {
    return this.#facts.filter((fact) => fact !== undefined);
  }

  /** The last fact of each key. */
  latest(): ReadonlyMap<string, StampedFact> {
    const latest = new Map<string, StampedFact>();
    for (const [key, { index }] of this.#latest) {
      const fact = this.#facts[index];
      if (fact) latest.set(key, fact);
    }
    return latest;
  }

  /** A copy that goes on from here with no facts of its own yet. */
  branch(): Saying {
    return new Saying(this.#projection, this.#stream, this.#before, this.#said);
  }

  /** What the next state remembers. */
  remembered(): Readonly<Record<string, Said>> {
    if (this.#said.size === 0) return this.#before;
    const said = new Map(Object.entries(this.#before));
    for (const [key, what] of this.#said) {
      if (what === null || what.over) said.delete(key);
      else said.set(key, { values: what.values, time: what.time });
    }
    return Object.fromEntries(said);
  }

  #emit(key: string, fact: Fact, before: Row | null | undefined, { position, loggedAt }: Stamp): void {
    const { name, version } = this.#projection;
    const stamped = { projection: name, version, stream: this.#stream, fact, position, loggedAt };
    const last = this.#latest.get(key);
    if (last === undefined || this.#facts[last.index]?.position !== position) {
      this.#latest.set(key, { index: this.#facts.push(stamped) - 1, before, earlier: last });
    } else if (this.#isAsBefore(last.before, fact.values)) {
      this.#facts[last.index] = undefined;
      if (last.earlier) this.#latest.set(key, last.earlier);
      else this.#latest.delete(key);
    } else {
      this.#facts[last.index] = stamped;
    }
  }

  #isAsBefore(before: Row | null | undefined, now: Row | null): boolean {
    if (before === undefined || before === null || now === null) return before === now;
    return sameValues(this.#projection, before, now);
  }
}
