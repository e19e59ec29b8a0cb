import type { JsonObject, JsonValue } from '@chargeproof/json';
import type { Refusal } from './refusal.ts';

/** What a member's value must be: its JSON type, and for a connector that it is not negative. */
export type Need = 'text' | 'connector';
export type Needs = Readonly<Record<string, Need>>;

/**
 * What of a payload is missing or of a wrong type, the first in the order of the table. Only members without
 * which a message says nothing are asked for: what else a schema wants is a finding in the record, and no
 * reason to refuse a station.
 */
export function unmet(needs: Needs, payload: JsonObject): Refusal | undefined {
  for (const [name, need] of Object.entries(needs)) {
    const fault = CHECKS[need](payload.get(name), name);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

type Check = (value: JsonValue | undefined, name: string) => Refusal | undefined;

const missing = (name: string): Refusal => ({
  code: 'OccurenceConstraintViolation',
  description: `${name} is missing`,
});

const CHECKS: Readonly<Record<Need, Check>> = {
  text: (value, name) => {
    if (value === undefined) return missing(name);
    if (typeof value === 'string') return undefined;
    return { code: 'TypeConstraintViolation', description: `${name} is no string` };
  },
  connector: (value, name) => {
    if (value === undefined) return missing(name);
    const number = wholeNumber(value);
    if (number === undefined)
      return { code: 'TypeConstraintViolation', description: `${name} is no integer` };
    return number < 0
      ? { code: 'PropertyConstraintViolation', description: `${name} is below 0` }
      : undefined;
  },
};

function wholeNumber(value: JsonValue): number | undefined {
  if (typeof value !== 'object' || value === null || !('source' in value)) return undefined;
  const number = Number(value.source);
  return Number.isInteger(number) ? number : undefined;
}
