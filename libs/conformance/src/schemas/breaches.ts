import type { ErrorObject } from 'ajv';
import { codePointsOf } from '../code-points.ts';
import type { Breach, RuleName, Severity } from '../rules.ts';
import type { PayloadContext } from './checker.ts';
import { type DateTimeFault, dateTimeFault } from './date-time.ts';

const OF_DATE_TIME: Readonly<Record<DateTimeFault, RuleName>> = {
  unreadable: 'schema-datetime',
  implausible: 'schema-datetime-implausible',
  'no-zone': 'schema-datetime-zone',
  'not-rfc3339': 'schema-datetime-rfc3339',
};

/** Texts that nothing depends on: too long is a warning there. */
const FREE_TEXT = /\/(info|chargePointModel|chargePointVendor|vendorErrorCode|techInfo)$/;
const LONGEST_NAME = 40;

type Reading = (error: ErrorObject, context: PayloadContext) => Breach;

/** Keyword of the schema → the breach. */
const READINGS: Readonly<Record<string, Reading>> = {
  required: ({ instancePath, params }) => ({
    rule: 'schema-missing-field',
    detail: `${instancePath}/${String(params.missingProperty)} is missing`,
  }),
  type: ({ instancePath, data, params }) =>
    data === null
      ? { rule: 'schema-null-value', detail: `${instancePath} is null` }
      : { rule: 'schema-type', detail: `${instancePath} is ${kindOf(data)}, not ${String(params.type)}` },
  enum: ({ instancePath, data }) =>
    data === null
      ? { rule: 'schema-null-value', detail: `${instancePath} is null` }
      : { rule: 'schema-enum', detail: `${instancePath} is none of its list` },
  additionalProperties: ({ instancePath, params }) => ({
    rule: 'schema-extra-field',
    detail: `${instancePath}/${String(params.additionalProperty).slice(0, LONGEST_NAME)} is not of its schema`,
  }),
  minItems: ({ instancePath }) => ({ rule: 'schema-empty-array', detail: `${instancePath} is empty` }),
  minimum: ({ instancePath, params }) => ({
    rule: 'schema-number-range',
    detail: `${instancePath} is below ${String(params.limit)}`,
  }),
  multipleOf: ({ instancePath }) => ({
    rule: 'schema-decimal',
    detail: `${instancePath} has more than one decimal`,
  }),
  ocppDateTime: ({ instancePath, data }, { received }) => {
    const fault = dateTimeFault(String(data), received) ?? 'unreadable';
    return { rule: OF_DATE_TIME[fault], detail: `${instancePath} is ${fault}` };
  },
  ocppMaxLength: ({ instancePath, data, schema }, { forms }) => {
    const form = forms.get(String(data));
    if (form !== undefined && form.json !== 'string') {
      return { rule: 'schema-type', detail: `${instancePath} is a ${form.json}, not string` };
    }
    const length = form?.codePoints ?? codePointsOf(String(data));
    const severity: { severity?: Severity } = FREE_TEXT.test(instancePath) ? { severity: 'warning' } : {};
    return {
      rule: 'schema-length',
      detail: `${instancePath} has ${length} characters, ${String(schema)} are allowed`,
      ...severity,
    };
  },
};

/** What the schema's errors mean. A frame may break one rule in a thousand places: each is told once, with the count. */
export function breachesOf(errors: readonly ErrorObject[], context: PayloadContext): readonly Breach[] {
  const first = new Map<RuleName, Breach>();
  const counts = new Map<RuleName, number>();
  for (const error of errors) {
    const breach = READINGS[error.keyword]?.(error, context) ?? {
      rule: 'schema-type' as const,
      detail: `${error.instancePath} breaks ${error.keyword}`,
    };
    if (!first.has(breach.rule)) first.set(breach.rule, breach);
    counts.set(breach.rule, (counts.get(breach.rule) ?? 0) + 1);
  }
  return [...first.values()].map((breach) => {
    const more = (counts.get(breach.rule) ?? 1) - 1;
    return more === 0 ? breach : { ...breach, detail: `${breach.detail}; and ${more} more` };
  });
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
