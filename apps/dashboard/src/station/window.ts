import type { Window } from './lanes.ts';

/** So much of what is shown lies before the first frame. */
const MARGIN = 0.04;

/** The period, without the time before anything was recorded: else the first hour of a charger is a stroke. */
export function windowOf({ from, to }: Window, firstSeen: string): Window {
  const [begin, end, first] = [Date.parse(from), Date.parse(to), Date.parse(firstSeen)];
  const shown = first - (end - first) * MARGIN;
  if (!(shown > begin) || first >= end) return { from, to };
  return { from: new Date(Math.floor(shown / 1000) * 1000).toISOString(), to };
}
