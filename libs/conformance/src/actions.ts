import { ACTIONS_16 } from '@chargeproof/ocpp';

const plain = (action: string) => action.replace(/^\/|\.req$|Request$/g, '').toLowerCase();
const BY_PLAIN = new Map([...ACTIONS_16.keys()].map((action) => [plain(action), action]));

/** The action of OCPP 1.6 that a misspelt one means, where letter case, a slash or a suffix is all that differs. */
export function meantAction(action: string): string | undefined {
  return action.length > 64 ? undefined : BY_PLAIN.get(plain(action));
}
