import type { Projection } from '@chargeproof/projection';
import { factsAt } from '../read-at/facts-at.ts';
import type { Frontier } from '../read-at/frontier.ts';
import { narrowed } from './narrowed.ts';
import type { ListSql } from './page.ts';

/** Whose facts, and what a filter of them may ask besides; absent members do not narrow. */
export type FactFilter = { readonly tenant: string; readonly station?: readonly string[] | undefined };

/** Member of a filter → its condition on a fact's columns; `{name:Type}` is bound by the store. */
export type Conditions<Filter extends FactFilter> = Readonly<
  Record<Exclude<keyof Filter, keyof FactFilter>, string>
>;

/** What a projection said at the frontier, of the stations and under the conditions that a filter names. */
export function factRows<Filter extends FactFilter>(
  projection: Projection,
  conditions: Conditions<Filter>,
  { tenant, station, ...rest }: Filter,
  frontier: Frontier,
): Omit<ListSql, 'columns'> {
  const facts = factsAt(projection, { tenant, station, frontier });
  const { where, parameters } = narrowed<keyof Conditions<Filter> & string>(conditions, rest);
  return { from: facts.sql, where, parameters: { ...facts.parameters, ...parameters } };
}
