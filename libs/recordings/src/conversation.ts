import { type Frame, initiatorOf, isResponse, MOST_OPEN_CALLS } from '@chargeproof/ocpp';
import type { Direction } from '@chargeproof/record';
import { isNotJson } from './not-json.ts';

export type Turn = {
  readonly direction: Direction;
  /** The recording did not state it. */
  readonly isInferred: boolean;
  /** Of a response: what stands before it in the recording as its CALL, where anything does. */
  readonly answers?: 'call' | 'broken-call';
};

/** `place` counts the frames of the station. */
type OpenCall = { readonly id: string; readonly place: number; readonly isBroken: boolean };

const OPPOSITE: Readonly<Record<Direction, Direction>> = {
  'station-to-csms': 'csms-to-station',
  'csms-to-station': 'station-to-csms',
};
const BOTH: readonly Direction[] = ['station-to-csms', 'csms-to-station'];
/** What nothing tells otherwise: most frames that stand alone are a station's. */
const OTHERWISE: Direction = 'station-to-csms';

/**
 * One station's frames in one recording, in the recording's order: who says what, and what answers what. A
 * response pairs with the most recent unanswered CALL of its id in the opposite direction, as in the folds
 * (`correlate.ts` of libs/ocpp), which forget the oldest of too many open CALLs too.
 */
export class Conversation {
  readonly #open: Readonly<Record<Direction, OpenCall[]>> = { 'station-to-csms': [], 'csms-to-station': [] };
  #place = 0;
  /** The direction of the frame before this one, where that is a CALL. */
  #justCalled: Direction | undefined;

  /** @param stated absent where the recording does not state it */
  take(frame: Frame, stated: Direction | undefined): Turn {
    this.#place += 1;
    const isInferred = stated === undefined;
    if (isResponse(frame.kind)) {
      this.#justCalled = undefined;
      return { ...this.#answer(frame.messageId, stated), isInferred };
    }
    const direction = stated ?? this.#initiator(frame.action);
    if (frame.kind === 'call') this.#call(frame, direction);
    return { direction, isInferred };
  }

  #call(frame: Frame, direction: Direction): void {
    const { messageId: id } = frame;
    this.#justCalled = direction;
    if (id === undefined) return;
    const open = this.#open[direction];
    open.push({ id, place: this.#place, isBroken: isNotJson(frame) });
    if (open.length > MOST_OPEN_CALLS) open.shift();
  }

  #answer(id: string | undefined, stated: Direction | undefined): Pick<Turn, 'direction' | 'answers'> {
    let newest: { readonly from: Direction; readonly index: number; readonly place: number } | undefined;
    for (const from of stated === undefined ? BOTH : [OPPOSITE[stated]]) {
      const index = this.#open[from].findLastIndex((call) => call.id === id);
      const place = this.#open[from][index]?.place ?? 0;
      if (place > (newest?.place ?? 0)) newest = { from, index, place };
    }
    if (newest === undefined) return { direction: stated ?? OTHERWISE };
    const [call] = this.#open[newest.from].splice(newest.index, 1);
    return { direction: OPPOSITE[newest.from], answers: call?.isBroken ? 'broken-call' : 'call' };
  }

  /**
   * Of an action that both sides may initiate: each side waits for its answer before it calls again (OCPP-J
   * 1.6, 4.1.1), so behind a CALL that has none yet it is the other side's.
   */
  #initiator(action = ''): Direction {
    const byAction = initiatorOf(action);
    if (byAction !== undefined) return byAction;
    return this.#justCalled === undefined ? OTHERWISE : OPPOSITE[this.#justCalled];
  }
}
