import { type Attributes, type DecisionType, POLICY_TYPES, type PolicyType } from './attributes.ts';
import { isOfCommand } from './commands.ts';
import type { RunId } from './ids.ts';
import { NO_STATION_KEY, recordKey } from './key.ts';
import type { Micros } from './time.ts';

/** What a person decides of who may boot and charge where the built-in central system answers (decision 24). */

type Decided = {
  /** Of the decision; its records' ids are made of it. */
  readonly decision: string;
  readonly actor: string;
  readonly why?: string;
};

/** OCPP 1.6's AuthorizationData (7.1). Without `idTagInfo` nothing is decided of the tag any more. */
export type DecidedAuthorization = {
  /** Sealed, and so is the parent: equal tags have equal stand-ins, whatever the case of their letters. */
  readonly idTag: string;
  readonly idTagInfo?: {
    readonly status: string;
    /** RFC 3339. */
    readonly expiryDate?: string;
    readonly parentIdTag?: string;
    /** Whether it may charge at several places at once; absent: it may not. */
    readonly concurrentTransactions?: boolean;
  };
};

/** Of a tenant's tags, as SendLocalList has it (OCPP 1.6, 5.15): all that is decided of them, or some of them. */
export type IdTagsDecided = Decided & {
  readonly updateType: 'Full' | 'Differential';
  readonly localAuthorizationList: readonly DecidedAuthorization[];
  /** A full list that is told in parts, 1 to `parts`: it holds from the record on that completes it. */
  readonly part?: number;
  readonly parts?: number;
  /** What any other tag is; null: nothing is decided of them any more. */
  readonly others?: string | null;
};

/** Of the station that the record is about; of one that is about none, of all others of its tenant. */
export type RegistrationDecided = Decided & {
  /** Absent: nothing is decided any more. */
  readonly registration?: {
    readonly status: string;
    /** Seconds; absent: what that status usually has. */
    readonly interval?: number;
  };
};

export type PolicyRecordOf = {
  readonly tenant: string;
  /** Absent: it is about none, or all. */
  readonly station?: string | undefined;
  readonly decision: string;
  readonly part?: number | undefined;
  readonly source: RunId;
  readonly time: Micros;
};

/** The key and attributes of a decision's record: the same thing said twice is the same record. */
export function policyRecord(
  type: PolicyType,
  { tenant, station, decision, part, source, time }: PolicyRecordOf,
): { readonly key: string; readonly attributes: Attributes } {
  const id = [tenant, decision, ...(part === undefined ? [] : [part])].join('/');
  return {
    key: station === undefined ? NO_STATION_KEY : recordKey({ tenant, station }),
    attributes: {
      id,
      source,
      type,
      tenant,
      ...(station !== undefined && { subject: station }),
      time,
      witness: 'wire',
    },
  };
}

const POLICIES: ReadonlySet<string> = new Set(POLICY_TYPES);

/** Whether records of that type are of who may boot and charge. */
export const isOfPolicy = (type: string): type is PolicyType => POLICIES.has(type);

/** Whether records of that type are decisions in `platform.decisions`. */
export const isDecision = (type: string): type is DecisionType => isOfCommand(type) || isOfPolicy(type);
