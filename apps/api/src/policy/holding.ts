import { EVERY_ID_TAG, OPEN_REGISTRATION } from '@chargeproof/central-system';
import {
  decidedIdTagsAt,
  decidedRegistrationsAt,
  type Page,
  type PageRequest,
} from '@chargeproof/projections';
import type { ListOrder } from '@chargeproof/projections';
import type { Store } from '@chargeproof/tables';
import { decidedRow, type IdTagRow, type RegistrationRow, type Source } from './answer.ts';
import type { PolicyFiles } from './files.ts';

/** All that holds, in the list's order; what was decided covers what a file says of the same one. */
export type Holding<Row, Others> = { readonly rows: readonly Row[]; readonly others: Others };

export type Asking = {
  readonly store: Store;
  readonly tenant: string;
  readonly request: PageRequest;
  /** Absent: the files say nothing here. */
  readonly files: PolicyFiles | undefined;
};

export const ID_TAGS_ORDER: ListOrder = {
  name: 'idTags',
  newestFirst: false,
  by: [{ column: 'idTag', sql: 'idTag', type: 'String' }],
};
export const REGISTRATIONS_ORDER: ListOrder = {
  name: 'registrations',
  newestFirst: false,
  by: [{ column: 'station', sql: 'station', type: 'String' }],
};

export async function idTagsHolding({
  store,
  tenant,
  request: { frontier },
  files,
}: Asking): Promise<Holding<IdTagRow, { readonly status: string; readonly source: Source }>> {
  const [decided, filed] = await Promise.all([
    decidedIdTagsAt(store, { tenant, frontier }),
    files?.idTagsOf(tenant),
  ]);
  const rows = new Map<string, IdTagRow>(
    [...(filed?.idTags ?? [])].map(([idTag, info]) => [idTag, { idTag, info, source: 'FILE' }]),
  );
  for (const [idTag, each] of decided.idTags) rows.set(idTag, decidedRow(each));
  return {
    rows: inOrder(rows),
    others:
      decided.others === undefined
        ? { status: filed?.others ?? EVERY_ID_TAG.others, source: filed === undefined ? 'DEFAULT' : 'FILE' }
        : { status: decided.others.status, source: decided.others.by },
  };
}

export async function registrationsHolding({
  store,
  tenant,
  request: { frontier },
  files,
}: Asking): Promise<Holding<RegistrationRow, RegistrationRow>> {
  const decided = await decidedRegistrationsAt(store, { tenant, frontier });
  const filed = files?.registrationsOf(tenant);
  const rows = new Map<string, RegistrationRow>(
    [...(filed?.stations ?? [])].map(([station, registration]) => [
      station,
      { station, registration, source: 'FILE' },
    ]),
  );
  for (const [station, { registration, by }] of decided.stations)
    rows.set(station, { station, registration, source: by });
  const { others } = decided;
  return {
    rows: inOrder(rows),
    others: {
      station: null,
      registration: others?.registration ?? filed?.others ?? OPEN_REGISTRATION.others,
      source: others?.by ?? (filed === undefined ? 'DEFAULT' : 'FILE'),
    },
  };
}

/** By code units, as cursors compare. */
const inOrder = <Row>(rows: ReadonlyMap<string, Row>): readonly Row[] =>
  [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);

/** A page of what is read whole. */
export function pageOf<Row extends object>(
  rows: readonly Row[],
  order: ListOrder,
  { first, after, frontier }: PageRequest,
): Page<Row> {
  const column = order.by[0]?.column as keyof Row;
  const behind = after?.behind[0];
  const left = behind === undefined ? rows : rows.filter((row) => String(row[column]) > String(behind));
  return { rows: left.slice(0, first), hasNextPage: left.length > first, order, frontier };
}
