import { utf8 } from '@chargeproof/json';
import type { SealedClass, SealedForm } from '../sealed.ts';
import type { Layer } from './layer.ts';
import type { Names } from './names.ts';
import { EMPTY_TAGS } from './rules.ts';

/** Something to seal: bytes [start, end) of the frame. */
export type Finding = {
  readonly start: number;
  readonly end: number;
  readonly class: SealedClass;
  readonly json: SealedForm['json'];
  /** What it says, all escapes undone: equal values say the same however they are written. */
  readonly value: string;
  /** Stands before and behind the stand-in, so that the frame stays as valid as it was. */
  readonly quote: string;
};

/** More than the longest list of tags that fits a frame in earnest. Beyond it, all between is one value. */
const MOST_FOUND = 50_000;

/** What is looked for in a frame, and what was found. */
export class Findings {
  readonly names: Names;
  #found: Finding[] = [];

  constructor(names: Names) {
    this.names = names;
  }

  /** Notes the characters [start, end) of a layer, unless there is nothing in them to seal. */
  add(layer: Layer, start: number, end: number, sealedClass: SealedClass, json: SealedForm['json']): void {
    const value = utf8(layer.text.slice(start, end));
    if (isNothing(value, sealedClass)) return;
    const quote = json === 'number' ? layer.quote : '';
    this.#found.push({
      start: layer.place(start),
      end: layer.place(end),
      class: sealedClass,
      json,
      value,
      quote,
    });
  }

  /** In the order of their places; where two overlap, one that spans both. */
  inOrder(text: string): readonly Finding[] {
    if (this.#found.length < 2) return this.#found;
    const sorted = this.#found.sort((a, b) => a.start - b.start || b.end - a.end);
    const merged: Finding[] = [];
    for (const found of sorted) {
      const last = merged.at(-1);
      if (last === undefined || found.start >= last.end) merged.push(found);
      else if (found.end > last.end) merged[merged.length - 1] = spanning(text, last, found);
    }
    const [first, last] = [merged[0], merged.at(-1)];
    return merged.length > MOST_FOUND && first && last ? [spanning(text, first, last)] : merged;
  }
}

function spanning(text: string, first: Finding, second: Finding): Finding {
  const { start, class: sealedClass } = first;
  const { end } = second;
  return { start, end, class: sealedClass, json: 'text', value: utf8(text.slice(start, end)), quote: '' };
}

function isNothing(value: string, sealedClass: SealedClass): boolean {
  return value === '' || (sealedClass === 'idTag' && EMPTY_TAGS.includes(value.toLowerCase()));
}
