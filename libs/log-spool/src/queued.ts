import { type AppendRequest, LogFull } from '@chargeproof/log';
import type { Position } from '@chargeproof/record';

/** A call whose records the log may have taken. */
export type Unknown = {
  readonly records: readonly AppendRequest[];
  /** The log has acknowledged it meanwhile: it need not be spooled. */
  readonly isInLog: () => boolean;
  /** It is durable here. */
  readonly spooled: (positions: readonly Position[]) => void;
};

/** What waits to be written, in order. */
export type Call = {
  readonly records: readonly AppendRequest[];
  readonly bytes: number;
  readonly isOfTheReserve: boolean;
  /** Kept waiting where there is no room, until the log has it. */
  readonly unknown?: Unknown;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
};

export const isUnknown = (call: Call) => call.unknown !== undefined;
export const mayWait = (call: Call) => isUnknown(call) || call.isOfTheReserve;
export const countOf = (unknown: readonly Unknown[]) =>
  unknown.reduce((sum, { records }) => sum + records.length, 0);

/** What the log has acknowledged meanwhile need not be spooled. */
export function isWanted(call: Call): boolean {
  if (call.unknown?.isInLog() !== true) return true;
  call.reject(undefined);
  return false;
}

export const full = (why: string) => new LogFull(`the spool is full: ${why}`);

/** @returns whether it is for want of room that something was not written */
export const isOfRoom = (error: unknown) =>
  error instanceof LogFull || ['ENOSPC', 'EDQUOT'].includes(String((error as NodeJS.ErrnoException).code));
