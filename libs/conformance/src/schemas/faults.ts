import type { ErrorObject } from 'ajv';
import { type Half, validatorOf } from './checker.ts';

/** What is wrong with one member of a payload that somebody is about to send, and what it takes. */
export type PayloadFault = {
  /** `csChargingProfiles.chargingSchedule.duration`; empty for the payload itself. */
  readonly member: string;
  readonly what: string;
};

/**
 * What an action's schema has against a payload, in words for whoever wrote it. Findings about what was sent
 * long ago are {@link schemaBreaches}: those judge mildly, and by the time it was received.
 * @returns undefined where that version has no schema of it
 */
export function payloadFaults(
  protocol: string,
  action: string,
  half: Half,
  payload: unknown,
): readonly PayloadFault[] | undefined {
  const validate = validatorOf(protocol, action, half);
  if (validate === undefined) return undefined;
  // A command's times lie ahead of us as a rule: nothing is too late.
  const context = { received: Number.MAX_SAFE_INTEGER, forms: new Map() };
  return validate.call(context, payload) ? [] : (validate.errors ?? []).map(faultOf);
}

function faultOf(error: ErrorObject): PayloadFault {
  const place = error.instancePath.split('/').slice(1).map(unescaped);
  const [own, what] = WORDS[error.keyword]?.(error) ?? [undefined, error.message ?? 'cannot be used'];
  return { member: [...place, ...(own === undefined ? [] : [own])].join('.'), what };
}

/** Keyword → the member below the place of the error, where it is about one, and what it takes. */
type Words = (error: ErrorObject) => readonly [member: string | undefined, what: string];
const WORDS: Readonly<Record<string, Words>> = {
  required: ({ params }) => [String(params.missingProperty), 'is missing'],
  additionalProperties: ({ params, parentSchema }) => {
    const known = Object.keys((parentSchema?.properties ?? {}) as object);
    const takes = known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`;
    return [String(params.additionalProperty), `is no member of it: ${takes}`];
  },
  type: ({ params }) => [undefined, `is ${A[String(params.type)] ?? String(params.type)}`],
  enum: ({ params }) => [undefined, `is one of ${(params.allowedValues as readonly unknown[]).join(', ')}`],
  minItems: () => [undefined, 'has at least one'],
  minimum: ({ params }) => [undefined, `is ${String(params.limit)} or more`],
  multipleOf: () => [undefined, 'has at most one decimal'],
  ocppDateTime: () => [undefined, 'is RFC 3339 with a zone, as 2026-11-21T09:43:18Z'],
  ocppMaxLength: ({ schema }) => [undefined, `has at most ${String(schema)} characters`],
};

const A: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a string',
};

/** JSON Pointer (RFC 6901, 4). */
const unescaped = (name: string) => name.replaceAll('~1', '/').replaceAll('~0', '~');
