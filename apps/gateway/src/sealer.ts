import type { Sealed } from '@chargeproof/record';

/** Bytes as they may stand in the log, and what was taken out of them. */
export type SealedBytes = { readonly value: Uint8Array; readonly sealed?: Sealed };

/** Takes secrets and personal values out of what is recorded (DESIGN 3). The wire is never altered. */
export interface Sealer {
  frame(bytes: Uint8Array): SealedBytes;
  /** Of the JSON of a record that holds a handshake's raw path. */
  path(rawPath: string): { readonly text: string; readonly sealed?: Sealed };
}
