import type { Micros } from '@chargeproof/record';

/** A day: retention, later, takes whole files. */
export const DAY: Micros = 86_400_000_000;
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:\.\d{3})?Z\.sqlite$/;

/** The file of the period a time falls in, named after its start in UTC. Names in text order are in time order. */
export function periodFileName(time: Micros, length: Micros): string {
  const start = Math.floor(time / length) * length;
  const stamp = new Date(start / 1000).toISOString();
  return `${stamp.replace('.000Z', 'Z').replaceAll(':', '-')}.sqlite`;
}

export const isPeriodFileName = (name: string) => NAME.test(name);
