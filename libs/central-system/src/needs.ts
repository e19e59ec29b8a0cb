import type { JsonObject, JsonValue } from '@chargeproof/json';
import type { Refusal } from './refusal.ts';

/** What a member's value must be: its JSON type, and for a connector that it is not negative. */
export type Need = 'text' | 'integer' | 'connector' | 'object' | 'list';
export type Needs = Readonly<Record<string, Need>>;

/**
 * What of a payload is missing or of a wrong type, the first in the order of the table. Only members without
 * which a message says nothing are asked for: what else a schema wants is a finding in the record, and no
 * reason to refuse a station.
 */
export function unmet(needs: Needs, payload: JsonObject): Refusal | undefined {
  for (const [name, need] of Object.entries(needs)) {
    const value = payload.get(name);
    if (value === undefined) return { wrong: 'missing', description: `${name} is missing` };
    const fault = CHECKS[need](value, name);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

type Check = (value: JsonValue, name: string) => Refusal | undefined;

const ofType =
  (isOf: (value: JsonValue) => boolean, type: string): Check =>
  (value, name) =>
    isOf(value) ? undefined : { wrong: 'type', description: `${name} is no ${type}` };

const integer = ofType((value) => wholeNumber(value) !== undefined, 'integer');

const CHECKS: Readonly<Record<Need, Check>> = {
  text: ofType((value) => typeof value === 'string', 'string'),
  object: ofType((value) => value instanceof Map, 'object'),
  list: ofType((value) => Array.isArray(value), 'list'),
  integer,
  connector: (value, name) =>
    integer(value, name) ??
    (Number(wholeNumber(value)) < 0 ? { wrong: 'value', description: `${name} is below 0` } : undefined),
};

function wholeNumber(value: JsonValue): number | undefined {
  if (typeof value !== 'object' || value === null || !('source' in value)) return undefined;
  const number = Number(value.source);
  return Number.isInteger(number) ? number : undefined;
}
