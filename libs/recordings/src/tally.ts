import type { Frame } from '@chargeproof/ocpp';
import type { Turn } from './conversation.ts';
import { isNotJson } from './not-json.ts';

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

const COUNTED = { call: 'calls', 'call-result': 'callResults', 'call-error': 'callErrors' } as const;

/** Counts frames and lines as they are read. */
export class Tally {
  readonly #counts: { -readonly [Name in keyof Counts]: Counts[Name] } = { ...NO_COUNTS };

  unread(lines: number): void {
    this.#counts.unreadLines += lines;
  }

  frame(frame: Frame, { answers }: Turn): void {
    const counts = this.#counts;
    if (answers === 'call') counts.unansweredCalls -= 1;
    if (isNotJson(frame)) counts.notJson += 1;
    else this.#countMessage(frame.kind, answers !== undefined);
  }

  #countMessage(kind: Frame['kind'], isAnswer: boolean): void {
    const counts = this.#counts;
    if (kind !== 'call' && kind !== 'call-result' && kind !== 'call-error') return;
    counts[COUNTED[kind]] += 1;
    if (kind === 'call') counts.unansweredCalls += 1;
    else if (!isAnswer) counts.orphanResponses += 1;
  }

  get counts(): Counts {
    return { ...this.#counts };
  }
}
