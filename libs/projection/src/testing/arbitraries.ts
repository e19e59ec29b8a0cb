import fc from 'fast-check';
import { CSMS_ACTIONS, REPEATED, STATION_ACTIONS } from './ocpp.ts';
import type { Action, ImportAction } from './world.ts';

const index = fc.nat({ max: 5 });
const socket = index;
const gateway = fc.nat({ max: 1 });
const station = index;
const fromStation = fc.boolean();
/** So few that they are used again while open, as stations do that begin at 1 after every boot. */
const messageId = fc.nat({ max: 3 });

/** Reads as many choices of what a frame says (`ocpp.ts`); small ones are plain. */
const choice = fc.oneof(fc.nat({ max: 30 }), fc.nat());
/** Transactions and states more often than the rest: their folds are the hard ones. */
const stationAction = fc.constantFrom(...STATION_ACTIONS, ...REPEATED, ...REPEATED, 'StatusNotification');
const csmsAction = fc.constantFrom(...CSMS_ACTIONS);

const SECOND = 1_000_000;
/** Answers in time, beyond the timeout, ticks in time, missed ones, and silence. */
const micros = fc.oneof(
  fc.integer({ min: 1, max: SECOND }),
  fc.constantFrom(5, 29, 31, 60, 200, 1200).map((seconds) => seconds * SECOND),
);
const step = fc.constantFrom(-7200, -90, -1, 45, 3600).map((seconds) => seconds * SECOND);

const error = fc.nat({ max: 7 }).map((eighth) => eighth === 7);

const does = <Does extends Action['does']>(name: Does) => fc.constant(name);

const callOf = (fromStation: boolean, action: fc.Arbitrary<string>) =>
  fc.record({ does: does('call'), socket, fromStation: fc.constant(fromStation), messageId, action, choice });

/** Overlapping parts of what was live, by clocks that are right, a moment late, or in another zone. */
const imported: fc.Arbitrary<ImportAction> = fc.record(
  {
    does: does('import'),
    station,
    back: fc.nat({ max: 15 }),
    count: fc.nat({ max: 12 }),
    offset: fc.constantFrom(0, 0, 400_000, 3600 * SECOND, -7200 * SECOND),
    more: fc.boolean(),
    inferred: fc.boolean(),
    cut: fc.nat({ max: 8 }),
  },
  { requiredKeys: ['does', 'station', 'back', 'count', 'offset', 'more', 'inferred'] },
);

export const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: does('wait'), micros }) },
  { weight: 3, arbitrary: fc.record({ does: does('open'), gateway, station }) },
  { weight: 8, arbitrary: callOf(true, stationAction) },
  { weight: 3, arbitrary: callOf(false, csmsAction) },
  { weight: 2, arbitrary: fc.record({ does: does('retry'), socket, nth: index, messageId }) },
  { weight: 8, arbitrary: fc.record({ does: does('answer'), socket, nth: index, error, choice }) },
  { weight: 4, arbitrary: fc.record({ does: does('tick'), gateway, lost: fc.constant(false) }) },
  { weight: 2, arbitrary: fc.record({ does: does('close'), socket, byStation: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: does('tick'), gateway, lost: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ does: does('refuse'), gateway, station }) },
  { weight: 1, arbitrary: fc.record({ does: does('orphan'), socket, fromStation }) },
  { weight: 1, arbitrary: fc.record({ does: does('garbage'), socket, fromStation }) },
  { weight: 1, arbitrary: fc.record({ does: does('gap'), socket }) },
  { weight: 1, arbitrary: fc.record({ does: does('stepClock'), gateway, micros: step }) },
  { weight: 1, arbitrary: fc.record({ does: does('restart'), gateway, cleanly: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: does('decide'), station, back: micros }) },
  { weight: 1, arbitrary: imported },
);

const says = (action: string, choice: number): Action => ({
  does: 'call',
  socket: 0,
  fromStation: true,
  messageId: 1,
  action,
  choice,
});
/** The last frames, imported in two goes: the first one was cut off. */
const importedTwice = (offset: number): readonly Action[] => {
  const file = {
    does: 'import',
    station: 0,
    back: 6,
    count: 6,
    more: true,
    inferred: false,
    offset,
  } as const;
  return [{ ...file, cut: 3 }, file];
};
const answered = (choice: number): Action => ({ does: 'answer', socket: 0, nth: 0, error: false, choice });

/**
 * Any traffic, around a core that has in it what is hard: a clock that steps under an open connection, a
 * reconnect to a second gateway while both tick, a decision that holds from before, a transaction, and a
 * recording of it.
 */
export function trafficOf(length: number): fc.Arbitrary<readonly Action[]> {
  const some = fc.array(anyAction, { maxLength: Math.ceil(length / 4), size: 'max' });
  return fc
    .tuple(some, some, some, some, step, fc.tuple(choice, choice, choice))
    .map(([a, b, c, d, stepped, [one, two, three]]) => [
      ...a,
      { does: 'open', gateway: 0, station: 0 },
      says('StartTransaction', one),
      { does: 'stepClock', gateway: 0, micros: stepped },
      { does: 'wait', micros: SECOND },
      { does: 'gap', socket: 0 },
      answered(two),
      ...b,
      says('MeterValues', two),
      { does: 'open', gateway: 1, station: 0 },
      { does: 'tick', gateway: 0, lost: false },
      ...c,
      says('StopTransaction', three),
      { does: 'tick', gateway: 1, lost: false },
      { does: 'decide', station: 0, back: 2 * SECOND },
      ...importedTwice(one % 2 === 0 ? 0 : 3600 * SECOND),
      ...d,
      { does: 'wait', micros: 60 * SECOND },
      { does: 'tick', gateway: 1, lost: false },
    ]);
}

/** Endless choices for shuffling, cutting and killing; a list, so that fast-check can shrink them. */
export const choices: fc.Arbitrary<readonly number[]> = fc.array(fc.nat({ max: 1_000_000 }), {
  minLength: 8,
  maxLength: 64,
});

/** Draws from `choices`, round and round. */
export class Chooser {
  readonly #choices: readonly number[];
  #next = 0;

  constructor(given: readonly number[]) {
    this.#choices = given;
  }

  /** A whole number from 0 up to but without `below`. */
  below(below: number): number {
    const choice = this.#choices[this.#next % this.#choices.length] ?? 0;
    // What is drawn in later rounds differs from the first by the round.
    const round = Math.floor(this.#next / this.#choices.length);
    this.#next++;
    return (choice + round * 7919) % below;
  }
}
