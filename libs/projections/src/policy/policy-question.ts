import {
  type DecidedIdTags,
  DecidedPolicy,
  type DecidedRegistrations,
  MOST_PARTS,
} from '@chargeproof/central-system';
import { DECISIONS, versionSql } from '@chargeproof/projection';
import type { PolicyType } from '@chargeproof/record';
import type { Store } from '@chargeproof/tables';
import { DECISION_COLUMNS, type DecisionRow, saidBy } from '../decided/decision-row.ts';
import { DECIDED_THEN, decidedThen, type Frontier } from '../read-at/frontier.ts';

export type PolicyAt = { readonly tenant: string; readonly frontier: Frontier };

const NO_TAGS: DecidedIdTags = { idTags: new Map() };
const NO_STATIONS: DecidedRegistrations = { stations: new Map() };

const PLACE = versionSql();
/** Numbers of a part, of a list and of its first: absent ones are 1. */
const partOf = (member: 'part' | 'parts') =>
  `if(JSONHas(body, '${member}'), JSONExtractInt(body, '${member}'), 1)`;

/**
 * What was decided of a tenant's tags, by the fold that gateways answer by. Read from a full list on: the last place
 * behind which one is whole, and that no list lies on both sides of, so that the fold comes to what all of it does.
 */
export async function decidedIdTagsAt(store: Store, at: PolicyAt): Promise<DecidedIdTags> {
  const decisions = decisionsOf('platform.id-tags-decided.v1');
  const policy = await foldedAt(
    store,
    `SELECT ${DECISION_COLUMNS} FROM ${decisions}
  AND (JSONHas(body, 'others') OR ${PLACE} >= (SELECT max(begins) FROM (
    SELECT begins, max(ends) OVER (ORDER BY begins ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
      maxIf(begins, isWhole) OVER () AS lastWhole
    FROM (SELECT min(${PLACE}) AS begins, max(${PLACE}) AS ends, ${partOf('parts')} AS parts,
        uniqExact(${partOf('part')}) = parts AND parts <= ${MOST_PARTS} AS isWhole
      FROM ${decisions}
        AND JSONExtractString(body, 'updateType') = 'Full' AND ${partOf('part')} BETWEEN 1 AND parts
      GROUP BY JSONExtractString(body, 'decision'), parts))
    WHERE before < begins AND begins <= lastWhole))
ORDER BY log_generation, log_offset`,
    at,
  );
  return policy.idTagsOf(at.tenant) ?? NO_TAGS;
}

/** And of its stations. */
export async function decidedRegistrationsAt(store: Store, at: PolicyAt): Promise<DecidedRegistrations> {
  const decisions = decisionsOf('platform.registration-decided.v1');
  const policy = await foldedAt(
    store,
    `SELECT ${DECISION_COLUMNS} FROM ${decisions}
ORDER BY log_generation, log_offset`,
    at,
  );
  return policy.registrationsOf(at.tenant) ?? NO_STATIONS;
}

const decisionsOf = (type: PolicyType) =>
  `${DECISIONS.name} FINAL WHERE tenant = {tenant:String} AND type = '${type}' AND ${DECIDED_THEN}`;

async function foldedAt(store: Store, sql: string, { tenant, frontier }: PolicyAt): Promise<DecidedPolicy> {
  const rows = await store.select<DecisionRow>(sql, { tenant, ...decidedThen(frontier) });
  const policy = new DecidedPolicy();
  for (const row of rows) policy.take(saidBy(row));
  return policy;
}
