import { type Frontier, formatFrontier, parseFrontier } from '../read-at/frontier.ts';
import type { ListOrder, SortKey } from './order.ts';

/**
 * Where a page ended, and what was known when its first page was read: pages after it are read at the
 * same positions, so that what arrives meanwhile moves nothing.
 */
export type Cursor = { readonly behind: SortKey; readonly frontier: Frontier };

/** The list's name, what it is sorted by, and the frontier: base64url of a JSON array. */
export function formatCursor({ name }: ListOrder, { behind, frontier }: Cursor): string {
  return Buffer.from(JSON.stringify([name, ...behind, formatFrontier(frontier)])).toString('base64url');
}

/** @returns undefined for what {@link formatCursor} did not write for this very list */
export function parseCursor({ name, by }: ListOrder, text: string): Cursor | undefined {
  const parts = parseJson(Buffer.from(text, 'base64url').toString());
  if (!Array.isArray(parts) || parts.length !== by.length + 2 || parts[0] !== name) return undefined;
  const behind = (parts as unknown[]).slice(1, -1);
  const written = parts.at(-1) as unknown;
  const frontier = typeof written === 'string' ? parseFrontier(written) : undefined;
  return frontier && isKeyOf(by, behind) ? { behind, frontier } : undefined;
}

function isKeyOf(by: ListOrder['by'], parts: readonly unknown[]): parts is SortKey {
  return by.every(({ type }, index) =>
    type === 'String' ? typeof parts[index] === 'string' : Number.isSafeInteger(parts[index]),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
