import type { Micros } from '@chargeproof/record';
import { type Frontier, formatFrontier, parseFrontier } from '../read-at/frontier.ts';

/**
 * Where a page ended, and what was known when its first page was read: pages after it are read at the
 * same positions, so that frames which arrive meanwhile move nothing.
 */
export type FrameCursor = {
  readonly time: Micros;
  readonly connection: string;
  readonly sequence: number;
  readonly offset: number;
  readonly frontier: Frontier;
};

export function formatCursor({ time, connection, sequence, offset, frontier }: FrameCursor): string {
  return Buffer.from(JSON.stringify([time, connection, sequence, offset, formatFrontier(frontier)])).toString(
    'base64url',
  );
}

/** @returns undefined for what {@link formatCursor} did not write */
export function parseCursor(text: string): FrameCursor | undefined {
  const parts = parseJson(Buffer.from(text, 'base64url').toString());
  if (!Array.isArray(parts)) return undefined;
  const [time, connection, sequence, offset, written] = parts as unknown[];
  const frontier = typeof written === 'string' ? parseFrontier(written) : undefined;
  if (!isWhole(time) || !isWhole(sequence) || !isWhole(offset) || typeof connection !== 'string')
    return undefined;
  return frontier && { time, connection, sequence, offset, frontier };
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
