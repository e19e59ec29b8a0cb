import {
  EvidenceOfBootDocument,
  EvidenceOfCommandDocument,
  EvidenceOfConnectionDocument,
  EvidenceOfKeyDocument,
  EvidenceOfStatusDocument,
} from '../questions/generated.ts';
import { type At, evidenceOf } from './question.ts';

/** The moment and the microsecond behind it: an interval that begins then reaches into it. */
const around = (since: string) => ({ from: since, to: new Date(Date.parse(since) + 1).toISOString() });

/** Its newest BootNotification and the answer to it. */
export const evidenceOfBoot = (at: At) =>
  evidenceOf(EvidenceOfBootDocument, at, ({ stations }) => stations.nodes[0]);

export const evidenceOfStatus = (
  at: At,
  status: { readonly connector: number | null; readonly since: string },
) =>
  evidenceOf(EvidenceOfStatusDocument, { ...at, ...around(status.since) }, ({ statusTimeline }) =>
    statusTimeline.nodes.find(
      ({ connector, since }) => connector === status.connector && since === status.since,
    ),
  );

export const evidenceOfKey = (at: At, key: string) =>
  evidenceOf(EvidenceOfKeyDocument, at, ({ stations }) =>
    stations.nodes[0]?.configuration.find(({ name }) => name === key),
  );

/** Its CALL, and the answer to it. */
export const evidenceOfCommand = ({ tenant, asOf }: At, id: string) =>
  evidenceOf(
    EvidenceOfCommandDocument,
    { tenant, asOf, id },
    ({ command }) => command?.exchange ?? undefined,
  );

export const evidenceOfConnection = (at: At, link: { readonly id: string; readonly openedAt: string }) =>
  evidenceOf(EvidenceOfConnectionDocument, { ...at, ...around(link.openedAt) }, ({ connections }) =>
    connections.nodes.find(({ id }) => id === link.id),
  );
