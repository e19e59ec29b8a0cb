import {
  type DecidedBy,
  type DecidedIdTag,
  DecidedPolicy,
  type IdTag,
  type Registration,
} from '@chargeproof/central-system';
import type { AppendRequest } from '@chargeproof/log';
import { type Micros, readPayload, writePayload } from '@chargeproof/record';

const TAGS = 'platform.id-tags-decided.v1';

/** One decision as gateways will read it, by itself: tags in it are stand-ins, and a part of a list is not waited for. */
export function readBack({ value, attributes }: AppendRequest, loggedAt: Micros): DecidedPolicy {
  const policy = new DecidedPolicy();
  const isOfTags = attributes.type === TAGS;
  const alone = isOfTags
    ? writePayload(TAGS, { ...readPayload(TAGS, value), updateType: 'Differential' })
    : value;
  // What is sealed in it lies elsewhere in what was just written, and nobody asks for it.
  const { id, source, type, tenant, subject, time, witness } = attributes;
  const about = subject === undefined ? {} : { subject };
  policy.take({ attributes: { id, source, type, tenant, ...about, time, witness }, value: alone, loggedAt });
  return policy;
}

/** Who says it: who decided it, or the file, or nobody. */
export type Source = DecidedBy | 'FILE' | 'DEFAULT';

/** A tag as it stands in the record, what it is, and who says so. */
export type IdTagRow = { readonly idTag: string; readonly info: IdTag; readonly source: Source };

export const decidedRow = (decided: DecidedIdTag): IdTagRow => ({
  idTag: decided.idTag,
  info: decided,
  source: decided.by,
});

export const toIdTag = (tenant: string, { idTag, info, source }: IdTagRow) => ({
  tenant,
  idTag,
  status: info.status.toUpperCase(),
  expiryDate: info.expires ?? null,
  parentIdTag: info.parentIdTag ?? null,
  concurrentTransactions: info.concurrentTransactions,
  ...toldBy(source),
});

export const toOtherIdTags = (status: string, source: Source) => ({
  status: status.toUpperCase(),
  ...toldBy(source),
});

export type RegistrationRow = {
  readonly station: string | null;
  readonly registration: Registration;
  readonly source: Source;
};

export const toRegistration = (
  tenant: string,
  { station, registration: { status, interval }, source }: RegistrationRow,
) => ({ tenant, station, status: status.toUpperCase(), interval, ...toldBy(source) });

function toldBy(source: Source) {
  if (typeof source === 'string')
    return { source, decision: null, actor: null, reason: null, decidedAt: null };
  const { decision, actor, why = null, at } = source;
  return { source: 'DECISION', decision, actor, reason: why, decidedAt: at };
}
