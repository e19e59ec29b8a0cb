import type { Leg as Side } from '@chargeproof/record';
import { otherSide } from './sides.ts';

/** OCPP allows one at a time; who sends more has so many remembered, the newest. */
const MOST_OF_A_SIDE = 8;
/** OCPP's ids have at most 36 characters. What comes with a longer one is not waited for. */
const ID_WITHIN = 256;

const CALL = 0x32;
const ANSWERS: ReadonlySet<number | undefined> = new Set([0x33, 0x34]);
const BRACKET = 0x5b;
const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The CALLs of a connection that have no answer yet: a socket that may choose its moment closes between them. */
export class OpenCalls {
  readonly #of: Readonly<Record<Side, string[]>> = { station: [], upstream: [] };
  #then: (() => void) | undefined;

  /** A frame came. */
  taken(from: Side, data: Buffer): void {
    const digit = digitAt(data);
    const id = data[digit] === CALL ? idAfter(data, digit) : undefined;
    if (id === undefined) return;
    const open = this.#of[from];
    if (!open.includes(id)) open.push(id);
    if (open.length > MOST_OF_A_SIDE) open.shift();
  }

  /** A frame is with the other side, or will not get there. */
  over(from: Side, data: Buffer): void {
    const digit = digitAt(data);
    const id = ANSWERS.has(data[digit]) ? idAfter(data, digit) : undefined;
    if (id !== undefined) remove(this.#of[otherSide(from)], id);
    this.#tell();
  }

  /** Calls it once, as soon as none is open: perhaps now. */
  whenQuiet(then: () => void): void {
    this.#then = then;
    this.#tell();
  }

  #tell(): void {
    if (this.#then === undefined || this.#of.station.length + this.#of.upstream.length > 0) return;
    const then = this.#then;
    this.#then = undefined;
    then();
  }
}

function remove(ids: string[], id: string): void {
  const at = ids.indexOf(id);
  if (at >= 0) ids.splice(at, 1);
}

// Every frame passes here, so its bytes are looked at where they are.

/** Where the frame's first digit would be, which says what it is; beyond its end where it is no array. */
function digitAt(data: Buffer): number {
  const at = afterSpace(data, 0);
  return data[at] === BRACKET ? afterSpace(data, at + 1) : data.length;
}

/** As it is written, which both sides do alike; what escapes it otherwise in its answer is waited for in vain. */
function idAfter(data: Buffer, digit: number): string | undefined {
  const comma = afterSpace(data, digit + 1);
  const quote = afterSpace(data, comma + 1);
  if (data[comma] !== COMMA || data[quote] !== QUOTE) return undefined;
  const most = Math.min(data.length, ID_WITHIN);
  let end = quote + 1;
  while (end < most && data[end] !== QUOTE) end += data[end] === BACKSLASH ? 2 : 1;
  return end < most ? data.toString('latin1', quote + 1, end) : undefined;
}

function afterSpace(data: Buffer, from: number): number {
  let at = from;
  while ((data[at] ?? Infinity) <= 0x20) at += 1;
  return at;
}
