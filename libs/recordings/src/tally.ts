import type { Frame, FrameFault } from '@chargeproof/ocpp';
import type { Turn } from './conversation.ts';

/** What recordings hold, in numbers: the terms of `chargeproof import --json`. */
export type Counts = {
  /** Frames that are no JSON. They count among the frames, and as nothing else. */
  readonly notJson: number;
  /** Lines that gave no frame. */
  readonly unreadLines: number;
  readonly calls: number;
  readonly callResults: number;
  readonly callErrors: number;
  readonly unansweredCalls: number;
  readonly orphanResponses: number;
};

export const NO_COUNTS: Counts = {
  notJson: 0,
  unreadLines: 0,
  calls: 0,
  callResults: 0,
  callErrors: 0,
  unansweredCalls: 0,
  orphanResponses: 0,
};

export function sumOfCounts(all: readonly Counts[]): Counts {
  const names = Object.keys(NO_COUNTS) as (keyof Counts)[];
  const sum = (name: keyof Counts) => all.reduce((total, counts) => total + counts[name], 0);
  return Object.fromEntries(names.map((name) => [name, sum(name)])) as Counts;
}

const NOT_JSON: ReadonlySet<FrameFault> = new Set<FrameFault>([
  'cut',
  'binary',
  'not-utf8',
  'not-json',
  'truncated-json',
  'too-deep',
]);

const COUNTED = { call: 'calls', 'call-result': 'callResults', 'call-error': 'callErrors' } as const;

/** Counts frames and lines as they are read. */
export class Tally {
  readonly #counts: { -readonly [Name in keyof Counts]: Counts[Name] } = { ...NO_COUNTS };

  unread(lines: number): void {
    this.#counts.unreadLines += lines;
  }

  frame({ kind, fault }: Frame, turn: Turn): void {
    const counts = this.#counts;
    if (fault !== undefined && NOT_JSON.has(fault.reason)) counts.notJson += 1;
    else if (kind === 'call' || kind === 'call-result' || kind === 'call-error') counts[COUNTED[kind]] += 1;
    if (kind === 'call') counts.unansweredCalls += 1;
    if (turn.answers) counts.unansweredCalls -= 1;
    else if (kind === 'call-result' || kind === 'call-error') counts.orphanResponses += 1;
  }

  get counts(): Counts {
    return { ...this.#counts };
  }
}
