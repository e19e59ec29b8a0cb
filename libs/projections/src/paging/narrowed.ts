import type { Parameters } from '@chargeproof/tables';

/** A condition on rows, and what is bound in it. */
export type Narrowed = { readonly where: string; readonly parameters: Parameters };

/**
 * What a filter asks of rows: the conditions of those of its members that are given, together; of none, what all rows
 * meet.
 * @param conditions member of the filter → its condition; `{name:Type}` is bound by the store
 */
export function narrowed<Member extends string>(
  conditions: Readonly<Record<Member, string>>,
  filter: Readonly<Partial<Record<Member, unknown>>>,
): Narrowed {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const asked = given.map(([name]) => conditions[name as Member]);
  return {
    where: ['true', ...asked].join('\n  AND '),
    parameters: Object.fromEntries(given) as Parameters,
  };
}
