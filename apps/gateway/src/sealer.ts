import type { Opcode, Sealed } from '@chargeproof/record';

/**
 * Takes secrets and personal values out of what is recorded (DESIGN 3): of a frame, and of the JSON of any
 * other record. The wire is never altered. `createSealer` of libs/record makes one.
 */
export interface Sealer {
  /** @returns the very same `value` where there is nothing to seal */
  seal(value: Uint8Array, opcode: Opcode): { readonly value: Uint8Array; readonly sealed?: Sealed };
}

/** The reverse of a {@link Sealer}: a command is sealed in the log and sent as it was asked for. @throws StaysSealed */
export type Unsealer = (value: Uint8Array, sealed: Sealed) => Uint8Array;
