import type { CommandSent } from '@chargeproof/record';

/** The CALL of a command, as text (OCPP-J 1.6, 4.2.1). */
export const callFrame = (
  { messageId }: Pick<CommandSent, 'messageId'>,
  action: string,
  payload: Readonly<Record<string, unknown>>,
): string => JSON.stringify([2, messageId, action, payload]);

/** Statuses by which a station says that it does what it was asked, now or as soon as it can (OCPP 1.6, 7). */
const ACCEPTING: ReadonlySet<unknown> = new Set([
  'Accepted',
  'AcceptedCanceled',
  'RebootRequired',
  'Scheduled',
  'Unlocked',
]);

/** Whether a CALLRESULT says that it does; one without a status has nothing to refuse. */
export function isAccepting(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null) return false;
  return !('status' in payload) || ACCEPTING.has(payload.status);
}
