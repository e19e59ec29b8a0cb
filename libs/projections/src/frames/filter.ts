import type { Direction, Micros } from '@chargeproof/record';
import type { Parameters } from '@chargeproof/tables';
import { type FrameRow, IS_FRAME } from './frame-row.ts';

/** Which frames a question is about. Absent members do not narrow. */
export type FrameFilter = {
  readonly tenant: string;
  readonly station?: readonly string[] | undefined;
  /** Record ids. */
  readonly id?: readonly string[] | undefined;
  readonly connection?: string | undefined;
  readonly run?: string | undefined;
  readonly direction?: Direction | undefined;
  readonly action?: readonly string[] | undefined;
  readonly messageId?: string | undefined;
  /** Receive time, included. */
  readonly from?: Micros | undefined;
  /** Receive time, not included. */
  readonly to?: Micros | undefined;
  /** Text that the frame holds, letter case ignored; a frame that is no text (UTF-8) holds none. */
  readonly text?: string | undefined;
  /** Stand-ins of tags, of which the frame holds one. */
  readonly idTag?: readonly string[] | undefined;
};

export type Condition = { readonly sql: string; readonly parameters: Parameters };
export type FramePredicate = (frame: FrameRow) => boolean;

/** One member of the filter, in the two forms that must agree: what the search asks, and what a subscription does. */
type Member<Wanted> = {
  /** On a row of `records`; `{name:Type}` is bound by the store. */
  readonly sql: string;
  readonly holds: (frame: FrameRow, wanted: Wanted) => boolean;
  /** What is bound and compared in place of what was given. */
  readonly as?: (given: Wanted) => Wanted;
};

type Members = {
  readonly [Name in keyof FrameFilter]-?: Member<NonNullable<FrameFilter[Name]>>;
};

const MEMBERS: Members = {
  tenant: { sql: 'tenant = {tenant:String}', holds: (frame, tenant) => frame.tenant === tenant },
  station: {
    sql: 'station IN {station:Array(String)}',
    holds: (frame, stations) => stations.includes(frame.station),
  },
  id: { sql: 'id IN {id:Array(String)}', holds: (frame, ids) => ids.includes(frame.id) },
  connection: {
    sql: 'connection = {connection:String}',
    holds: (frame, connection) => frame.connection === connection,
  },
  run: { sql: 'source = {run:String}', holds: (frame, run) => frame.source === run },
  direction: {
    sql: 'direction = {direction:String}',
    holds: (frame, direction) => frame.direction === direction,
  },
  action: {
    sql: 'action IN {action:Array(String)}',
    holds: (frame, actions) => actions.includes(frame.action),
  },
  messageId: {
    sql: 'message_id = {messageId:String}',
    holds: (frame, messageId) => frame.message_id === messageId,
  },
  from: {
    sql: 'time >= fromUnixTimestamp64Micro({from:Int64})',
    holds: (frame, from) => Number(frame.time_us) >= from,
  },
  to: {
    sql: 'time < fromUnixTimestamp64Micro({to:Int64})',
    holds: (frame, to) => Number(frame.time_us) < to,
  },
  // ClickHouse's lowerUTF8 and JavaScript's toLowerCase are the same function (Unicode's full mapping, by
  // ICU); its positionCaseInsensitiveUTF8 is another one.
  text: {
    sql: "encoding = 'utf-8' AND position(lowerUTF8(value), {text:String}) > 0",
    as: (text) => text.toLowerCase(),
    // Half a surrogate pair stands in no UTF-8, but would be found in the middle of a JavaScript string.
    holds: ({ encoding, value }, text) =>
      encoding === 'utf-8' && text.isWellFormed() && value.toLowerCase().includes(text),
  },
  // The text index knows words of letters and digits: what follows the mark is one.
  idTag: {
    sql: 'hasAnyTokens(value, {idTag:Array(String)})',
    as: (standIns) => standIns.map((each) => each.slice(1)),
    holds: ({ value }, words) => words.some((word) => value.includes(`~${word}`)),
  },
};

/** The filter as one SQL condition over `records`, frames only. */
export function toCondition(filter: FrameFilter): Condition {
  const given = membersOf(filter);
  return {
    sql: [IS_FRAME, ...given.map(({ member }) => member.sql)].join('\n  AND '),
    parameters: Object.fromEntries(given.map(({ name, wanted }) => [name, wanted])) as Parameters,
  };
}

/** The same filter as a predicate on a frame that was read from `records`. */
export function toPredicate(filter: FrameFilter): FramePredicate {
  const given = membersOf(filter);
  return (frame) => given.every(({ member, wanted }) => member.holds(frame, wanted));
}

/** What was given of the filter. One member's types are lost here: name, member and value belong together. */
function membersOf(filter: FrameFilter) {
  return Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([name, given]) => {
      const member = MEMBERS[name as keyof FrameFilter] as Member<unknown>;
      return { name, member, wanted: member.as ? member.as(given) : given };
    });
}
