import type { Leg as Side } from '@chargeproof/record';
import { otherSide } from './sides.ts';

/** OCPP allows one at a time; who sends more has so many remembered, the newest. */
const MOST_OF_A_SIDE = 8;
/** OCPP's ids have at most 36 characters. What comes with a longer one is not waited for. */
const ID_WITHIN = 256;

const OPENING = 0x5b;
const CALL = 0x32;
const ANSWERS: ReadonlySet<number | undefined> = new Set([0x33, 0x34]);

/** The CALLs of a connection that have no answer yet: a socket that may choose its moment closes between them. */
export class OpenCalls {
  readonly #of: Readonly<Record<Side, Set<string>>> = { station: new Set(), upstream: new Set() };
  #then: (() => void) | undefined;

  /** A frame came. */
  taken(from: Side, data: Buffer): void {
    if (kindOf(data) !== CALL) return;
    const open = this.#of[from];
    const id = idOf(data);
    if (id !== undefined) open.add(id);
    if (open.size > MOST_OF_A_SIDE)
      for (const oldest of [...open].slice(0, -MOST_OF_A_SIDE)) open.delete(oldest);
  }

  /** A frame is with the other side, or will not get there. */
  over(from: Side, data: Buffer): void {
    const id = ANSWERS.has(kindOf(data)) ? idOf(data) : undefined;
    if (id !== undefined) this.#of[otherSide(from)].delete(id);
    this.#tell();
  }

  /** Calls it once, as soon as none is open: perhaps now. */
  whenQuiet(then: () => void): void {
    this.#then = then;
    this.#tell();
  }

  #tell(): void {
    if (this.#then === undefined || this.#of.station.size + this.#of.upstream.size > 0) return;
    const then = this.#then;
    this.#then = undefined;
    then();
  }
}

/** Looks at the frame's first digit only: every frame passes here. */
function kindOf(data: Buffer): number | undefined {
  const at = afterSpace(data, 0);
  return data[at] === OPENING ? data[afterSpace(data, at + 1)] : undefined;
}

function afterSpace(data: Buffer, from: number): number {
  let at = from;
  while ((data[at] ?? Infinity) <= 0x20) at += 1;
  return at;
}

/** As it is written, which both sides do alike; what escapes it otherwise in its answer is waited for in vain. */
function idOf(data: Buffer): string | undefined {
  return /^\s*\[\s*\d\s*,\s*"((?:[^"\\]|\\.)*)"/.exec(data.toString('latin1', 0, ID_WITHIN))?.[1];
}
