import {
  EvidenceOfCompletenessDocument,
  EvidenceOfEnergyDocument,
  EvidenceOfFindingDocument,
  EvidenceOfTransactionDocument,
  EvidenceOfUptimeDocument,
} from '../questions/generated.ts';
import { type At, type AtPeriod, evidenceOf } from './question.ts';

type Ends = Partial<Pick<AtPeriod, 'from' | 'to'>>;

export const evidenceOfUptime = (at: AtPeriod, connector: number | null) =>
  evidenceOf(EvidenceOfUptimeDocument, { ...at, connector }, ({ uptime }) =>
    uptime.entries.find((entry) => entry.connector === connector),
  );

export const evidenceOfEnergy = (at: AtPeriod, connector: number | null) =>
  evidenceOf(EvidenceOfEnergyDocument, at, ({ energy }) =>
    energy.entries.find((entry) => entry.connector === connector),
  );

export const evidenceOfCompleteness = (at: AtPeriod) =>
  evidenceOf(EvidenceOfCompletenessDocument, at, ({ completeness }) => completeness.entries[0]);

export const evidenceOfGap = (at: AtPeriod, gap: { readonly kind: string; readonly from: string }) =>
  evidenceOf(EvidenceOfCompletenessDocument, at, ({ completeness }) =>
    completeness.entries[0]?.gaps.find(({ kind, from }) => kind === gap.kind && from === gap.from),
  );

export const evidenceOfFinding = (
  at: At & Ends,
  found: { readonly rule: string; readonly subject: string },
) =>
  evidenceOf(EvidenceOfFindingDocument, { ...at, rule: found.rule }, ({ conformance }) =>
    conformance.findings.find(({ subject }) => subject === found.subject),
  );

type TransactionAt = { readonly tenant: string; readonly id: string; readonly asOf: string | undefined };

/** Every frame of the transaction. */
export const evidenceOfTransaction = (at: TransactionAt) =>
  evidenceOf(EvidenceOfTransactionDocument, at, ({ transactions }) => transactions.nodes[0]);

/** Those whose readings its energy was computed of. */
export const evidenceOfItsEnergy = (at: TransactionAt) =>
  evidenceOf(EvidenceOfTransactionDocument, at, ({ transactions }) => transactions.nodes[0]?.energy);

export const evidenceOfEnergyFinding = (
  at: TransactionAt,
  finding: { readonly code: string; readonly detail: string },
) =>
  evidenceOf(EvidenceOfTransactionDocument, at, ({ transactions }) =>
    transactions.nodes[0]?.energy.findings.find(
      ({ code, detail }) => code === finding.code && detail === finding.detail,
    ),
  );
