import { existsSync, readFileSync } from 'node:fs';
import { LogFailed, type Numbering } from '@chargeproof/log';
import type { Note } from './store.ts';

type Pairs = readonly (readonly [number, number])[];
/** A note as it stands in its file: maps are lists of pairs. */
type Written = Omit<Note, 'ends' | 'numbering'> & {
  readonly ends?: Pairs;
  readonly numbering?: Omit<Numbering, 'next'> & { readonly next: Pairs };
};

export function writtenNote({ ends, numbering, ...place }: Note): string {
  const written: Written = {
    ...place,
    ...(ends && { ends: [...ends] }),
    ...(numbering && { numbering: { ...numbering, next: [...numbering.next] } }),
  };
  return `${JSON.stringify(written)}\n`;
}

/** @throws LogFailed where it is damaged */
export function readNote(path: string): Note | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { ends, numbering, ...note } = JSON.parse(readFileSync(path, 'utf8')) as Written;
    if ([note.segment, note.offset, note.unknown].every(Number.isSafeInteger))
      return {
        ...note,
        ends: ends && new Map(ends),
        numbering: numbering && { ...numbering, next: new Map(numbering.next) },
      };
  } catch {
    // Said below, in one line.
  }
  throw new LogFailed(`${path} cannot be read: it is not what a spool writes there`);
}
