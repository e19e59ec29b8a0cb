import type { Opcode } from '@chargeproof/record';

/** Takes tags out of what is recorded, as `createSealer` of libs/record does. */
type Sealing = { seal(value: Uint8Array, opcode: Opcode): { readonly value: Uint8Array } };

/** A tag as it stands in a record, in small letters: its stand-in, and of one that is never sealed itself. */
export function recordedTag(sealer: Sealing, idTag: string): string {
  const { value } = sealer.seal(new TextEncoder().encode(JSON.stringify({ idTag })), 'text');
  const { idTag: recorded } = JSON.parse(new TextDecoder().decode(value)) as { readonly idTag: string };
  return recorded.toLowerCase();
}
