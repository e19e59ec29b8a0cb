import type { Attributes, CommandType } from './attributes.ts';
import type { ConnectionId, RecordId, RunId } from './ids.ts';
import { recordKey, type Subject } from './key.ts';
import type { Micros } from './time.ts';

/** A person's order to a station (decision 14): asked for, claimed by the gateway that sends it, ended. */

/** Of the tenant; a client may choose it. It is the CALL's message id, so at most 36 characters (OCPP-J 1.6, 4.1.4). */
export type CommandId = string;

export type CommandRequested = {
  readonly command: CommandId;
  readonly action: string;
  /** The version of OCPP that it is of; absent: `ocpp1.6`. */
  readonly protocol?: string;
  /** The CALL's payload. What is a secret or personal is sealed in it as in the frame. */
  readonly payload: Readonly<Record<string, unknown>>;
  /**
   * Of a SendLocalList: the gateway that sends it puts what then holds of the tenant's tags into it, unless those are
   * more than the station says that it takes.
   */
  readonly fromPolicy?: { readonly most?: number };
  /** Who asks for it. */
  readonly actor: string;
  readonly why?: string;
  /** It is not sent after this time. */
  readonly expires: Micros;
};

/** A gateway's claim, in the log before anything is written. The first one in log order holds. */
export type CommandSent = {
  readonly command: CommandId;
  readonly run: RunId;
  readonly connection: ConnectionId;
  readonly messageId: string;
};

/**
 * `answered` and `error`: by a CALLRESULT, by a CALLERROR. `unanswered`: for 30 s, with its socket open.
 * `unknown`: it was claimed, and whether the station had it nobody can tell. `expired` and `refused`: not sent.
 */
export type CommandOutcome = 'answered' | 'error' | 'unanswered' | 'unknown' | 'expired' | 'refused';

export type CommandEnded = {
  readonly command: CommandId;
  readonly outcome: CommandOutcome;
  /** A stable word, where the outcome alone does not say why: `relayed`, `not-connected`, `connection-closed`, … */
  readonly reason?: string;
  /** The records of the two frames. */
  readonly call?: RecordId;
  readonly answer?: RecordId;
};

/** What a record of a command is about, and who says it. */
export type CommandRecordOf = {
  readonly subject: Subject;
  readonly command: CommandId;
  readonly source: RunId;
  readonly time: Micros;
};

/**
 * The key and attributes of a decision's record. Its id names the command, the step and, of a claim or an end,
 * the run that says it: the same thing said twice is the same record.
 */
export function commandRecord(
  type: CommandType,
  { subject, command, source, time }: CommandRecordOf,
): { readonly key: string; readonly attributes: Attributes } {
  const { tenant, station } = subject;
  const id = `${tenant}/${command}/${STEPS[type]}`;
  return {
    key: recordKey(subject),
    attributes: {
      id: type === 'platform.command-requested.v1' ? id : `${id}/${source}`,
      source,
      type,
      tenant,
      subject: station,
      time,
      witness: 'wire',
    },
  };
}

const STEPS: Readonly<Record<CommandType, string>> = {
  'platform.command-requested.v1': 'requested',
  'platform.command-sent.v1': 'sent',
  'platform.command-ended.v1': 'ended',
};

const COMMANDS: ReadonlySet<string> = new Set(Object.keys(STEPS));

/** Whether records of that type are of a command. */
export const isOfCommand = (type: string): type is CommandType => COMMANDS.has(type);
