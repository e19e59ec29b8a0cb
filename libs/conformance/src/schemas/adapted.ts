import type { Schema } from './published.ts';

/** Lists that the prose wants filled where the 1.6 schemas are silent (OCPP 1.6, 6.31, 7.13, 7.33). */
const FILLED: ReadonlySet<string> = new Set(['meterValue', 'sampledValue', 'chargingSchedulePeriod']);

/** Smallest numbers that the prose gives where the 1.6 schemas are silent: of the member, by schema. */
const LEAST: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'urn:StartTransaction.req': { connectorId: 1 },
  'urn:UnlockConnector.req': { connectorId: 1 },
  'urn:RemoteStartTransaction.req': { connectorId: 1 },
};
const LEAST_OF_ALL: Readonly<Record<string, number>> = { connectorId: 0, stackLevel: 0, duration: 0 };

/**
 * A published schema with our own keywords in place of those that judge otherwise than we must: times as
 * stations write them, lengths of values that are sealed, and what only the prose of OCPP 1.6 asks.
 * `format: uri` goes: it refuses what both sides take for a location.
 */
export function adapted(schema: Schema): Schema {
  const id = String(schema.$id);
  return adapt(schema, '', id) as Schema;
}

function adapt(node: unknown, member: string, id: string): unknown {
  if (Array.isArray(node)) return node.map((item) => adapt(item, '', id));
  if (typeof node !== 'object' || node === null) return node;
  const after: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(node)) {
    // Their URNs are no URIs, and each schema refers to itself only.
    if (name === '$id' || name === '$schema') continue;
    after[name] = name === 'properties' ? membersOf(value as Schema, id) : adapt(value, member, id);
  }
  return withOurKeywords(after, member, id);
}

function membersOf(members: Schema, id: string): Schema {
  return Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, adapt(schema, name, id)]));
}

function withOurKeywords(schema: Record<string, unknown>, member: string, id: string): Schema {
  const { format, maxLength, ...rest } = schema;
  const least = LEAST[id]?.[member] ?? LEAST_OF_ALL[member];
  return {
    ...rest,
    ...(format === 'date-time' ? { ocppDateTime: true } : {}),
    ...(typeof maxLength === 'number' ? { ocppMaxLength: maxLength } : {}),
    ...(rest.type === 'array' && FILLED.has(member) ? { minItems: 1 } : {}),
    ...(rest.type === 'integer' && least !== undefined ? { minimum: least } : {}),
  };
}
