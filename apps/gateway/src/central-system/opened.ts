import type { SealedValue } from '@chargeproof/record';
import type { Unsealer } from '../sealer.ts';

/** @returns undefined where its key is not here, or was erased */
export function opened(
  standIn: string,
  sealed: SealedValue | undefined,
  unseal: Unsealer,
): string | undefined {
  if (sealed === undefined) return standIn;
  try {
    const value = unseal(Buffer.from(standIn), { version: 1, values: [{ ...sealed, offset: 0 }] });
    return JSON.parse(`"${Buffer.from(value).toString()}"`) as string;
  } catch {
    return undefined;
  }
}
