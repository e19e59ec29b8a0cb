import type { LoggedRecord, Micros } from '@chargeproof/record';
import type { Observation, Reading } from '@chargeproof/ocpp';
import { read } from '@chargeproof/ocpp';
import type { Fact, Parking, Projection, Said, StampedFact, StreamState } from '../projection.ts';
import { followConnection, withEndedRuns } from './connections.ts';
import type { Imports } from './imports.ts';
import type { Item } from './item.ts';
import { comparePlaces, comparePositions } from './place.ts';
import { withSpans } from './recordings.ts';
import type { Stamp } from './said.ts';
import { projectionIds, Saying } from './said.ts';

/**
 * One stream being folded. It owns what it changes: the states given to it and given back by it are
 * never touched again, so `branch` costs next to nothing.
 */
export class Fold {
  readonly sayings: readonly Saying[];
  readonly #projections: readonly Projection[];
  readonly #ids: readonly string[];
  readonly #start: StreamState;
  readonly #states: unknown[];
  #reading: unknown;
  #parked: Readonly<Record<string, Parking>>;
  #connections: Pick<StreamState, 'open' | 'ended'>;
  #folded: StreamState['folded'];
  #endedRuns: readonly string[];
  #recordings: Pick<StreamState, 'recordings' | 'unended'>;
  #stamp: Stamp | undefined;

  constructor(projections: readonly Projection[], start: StreamState, sayings?: readonly Saying[]) {
    const ids = projectionIds(projections);
    this.#projections = projections;
    this.#ids = ids;
    this.#start = start;
    this.#states = projections.map(
      (projection, index) => start.states[ids[index] ?? ''] ?? projection.initial,
    );
    this.#reading = start.reading;
    this.#parked = start.parked;
    this.#connections = start;
    this.#folded = start.folded;
    this.#endedRuns = start.endedRuns;
    this.#recordings = start;
    this.sayings =
      sayings ??
      projections.map(
        (projection, index) => new Saying(projection, start.stream, start.said[ids[index] ?? ''] ?? NOTHING),
      );
  }

  /** Folds the items that stand after all that was folded; the others were folded before. */
  fold(items: readonly Item[]): this {
    for (const item of items) this.#step(item);
    return this;
  }

  /** Takes note of what runs have ended, whatever place that has. */
  note(records: readonly LoggedRecord[]): this {
    this.#endedRuns = withEndedRuns(this.#endedRuns, records);
    return this;
  }

  /** Takes note of the recordings that are folded and of the first record of one that is not. */
  noteRecordings({ spans, unended }: Pick<Imports, 'spans' | 'unended'>): this {
    const before = this.#recordings;
    if (spans.length === 0 && (unended === null || before.unended !== null)) return this;
    const recordings = withSpans(before.recordings, spans);
    this.#recordings = { recordings, unended: before.unended ?? unended };
    return this;
  }

  /** A fold that goes on from here on its own. */
  branch(): Fold {
    return new Fold(
      this.#projections,
      this.state(),
      this.sayings.map((saying) => saying.branch()),
    );
  }

  facts(): readonly StampedFact[] {
    return this.sayings.flatMap((saying) => saying.facts());
  }

  state(): StreamState {
    const endedRuns = this.#endedRuns;
    const { recordings, unended } = this.#recordings;
    if (this.#folded === this.#start.folded) {
      return endedRuns === this.#start.endedRuns && this.#recordings === this.#start
        ? this.#start
        : { ...this.#start, endedRuns, recordings, unended };
    }
    const states: Record<string, unknown> = {};
    const said: Record<string, Readonly<Record<string, Said>>> = {};
    for (const [index, id] of this.#ids.entries()) {
      states[id] = this.#states[index];
      said[id] = this.sayings[index]?.remembered() ?? NOTHING;
    }
    const { open, ended } = this.#connections;
    return {
      stream: this.#start.stream,
      reading: this.#reading,
      states,
      parked: this.#parked,
      folded: this.#folded,
      open,
      ended,
      endedRuns,
      recordings,
      unended,
      said,
    };
  }

  #step(item: Item): void {
    const { place, record, standsFor, twin, knownBy } = item;
    if (this.#folded !== null && comparePlaces(place, this.#folded) <= 0) return;
    if (standsFor !== undefined && !(standsFor in this.#connections.open)) return;
    this.#folded = place;
    const stamp = this.#advance(knownBy ?? record);
    let observation: Observation;
    try {
      const standing = {
        time: place.time,
        ...(standsFor === undefined ? {} : { connection: standsFor }),
        ...(twin === undefined ? {} : { twin }),
      };
      const result = read(this.#reading as Reading, record, standing);
      this.#reading = result.state;
      observation = result.observation;
      this.#connections = followConnection(this.#connections, item);
    } catch (error) {
      // Not a record of ours, though it says so: nothing that is said from here on would be the whole.
      for (const id of this.#ids) this.#park(id, record.attributes.id, stamp, error);
      return;
    }
    for (let index = 0; index < this.#projections.length; index++) this.#feed(index, observation, stamp);
  }

  /** What is said now needed every record folded until now: so it is stamped with the highest of their positions. */
  #advance({ position, loggedAt }: Item['record']): Stamp {
    if (this.#stamp === undefined || comparePositions(position, this.#stamp.position) > 0) {
      this.#stamp = { position, loggedAt };
    }
    return this.#stamp;
  }

  #feed(index: number, observation: Observation, stamp: Stamp): void {
    const projection = this.#projections[index];
    const saying = this.sayings[index];
    const projectionId = this.#ids[index];
    if (projection === undefined || saying === undefined || projectionId === undefined) return;
    if (projectionId in this.#parked) return;
    try {
      const facts: Fact[] = [];
      const state = fireDue(projection, this.#states[index], observation.time, facts);
      const step = projection.apply(state, observation);
      this.#states[index] = step.state;
      for (const fact of facts) saying.say(fact, stamp);
      for (const fact of step.facts) saying.say(fact, stamp);
    } catch (error) {
      const id = observation.kind === 'due' ? '' : observation.record.attributes.id;
      this.#park(projectionId, id, stamp, error);
    }
  }

  #park(id: string, recordId: string, { position }: Stamp, error: unknown): void {
    if (id in this.#parked) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#parked = { ...this.#parked, [id]: { since: position, recordId, error: message } };
  }
}

const NOTHING: Readonly<Record<string, Said>> = {};

/** Lets pass what becomes so before this time. @throws Error where a projection's due time does not move on. */
function fireDue(projection: Projection, state: unknown, before: Micros, facts: Fact[]): unknown {
  let now = state;
  let time = projection.due?.(now);
  while (time !== undefined && time < before) {
    const step = projection.apply(now, { kind: 'due', time });
    now = step.state;
    facts.push(...step.facts);
    const next = projection.due?.(now);
    if (next !== undefined && next <= time) throw new Error(`${projection.name}: due stays at ${next}`);
    time = next;
  }
  return now;
}
