import type { Direction, Micros } from '@chargeproof/record';
import type { Parameters } from '@chargeproof/tables';

/** Which frames a question is about. Absent members do not narrow. */
export type FrameFilter = {
  readonly tenant: string;
  readonly station?: readonly string[] | undefined;
  readonly connection?: string | undefined;
  readonly run?: string | undefined;
  readonly direction?: Direction | undefined;
  readonly action?: readonly string[] | undefined;
  readonly messageId?: string | undefined;
  /** Receive time, included. */
  readonly from?: Micros | undefined;
  /** Receive time, not included. */
  readonly to?: Micros | undefined;
  /** Text that the frame holds, letter case ignored. */
  readonly text?: string | undefined;
};

export type Condition = { readonly sql: string; readonly parameters: Parameters };

/** Member → its condition on a row of `records`. `{name:Type}` is bound by the store. */
const CONDITIONS: Readonly<Record<keyof FrameFilter, string>> = {
  tenant: 'tenant = {tenant:String}',
  station: 'station IN {station:Array(String)}',
  connection: 'connection = {connection:String}',
  run: 'source = {run:String}',
  direction: 'direction = {direction:String}',
  action: 'action IN {action:Array(String)}',
  messageId: 'message_id = {messageId:String}',
  from: 'time >= fromUnixTimestamp64Micro({from:Int64})',
  to: 'time < fromUnixTimestamp64Micro({to:Int64})',
  text: 'positionCaseInsensitiveUTF8(value, {text:String}) > 0',
};

/** The filter as one SQL condition over `records`, frames only. */
export function toCondition(filter: FrameFilter): Condition {
  const conditions = ["type = 'ocpp.frame.v1'"];
  const parameters: Record<string, Parameters[string]> = {};
  for (const [member, value] of Object.entries(filter)) {
    if (value === undefined) continue;
    conditions.push(CONDITIONS[member as keyof FrameFilter]);
    parameters[member] = value;
  }
  return { sql: conditions.join('\n  AND '), parameters };
}
