import { createSealer, type SealingKeys } from '@chargeproof/record';
import type { Appended } from './gateway-run.ts';

const KEY = Buffer.alloc(32, 7);
/** The same in every run, and known to everybody. */
export const WORLD_KEYS: SealingKeys = { current: 'world', keys: new Map([['world', KEY]]), standIns: KEY };

const sealer = createSealer(WORLD_KEYS);

/** A world as a gateway records it: what is a secret or a tag in it is sealed. */
export const sealedWorld = (appended: readonly Appended[]): readonly Appended[] =>
  appended.map(({ partition, record }) => {
    const { attributes, value: clear } = record;
    const { value, sealed } = sealer.seal(clear, attributes.opcode ?? 'text');
    if (sealed === undefined) return { partition, record };
    return { partition, record: { ...record, attributes: { ...attributes, sealed }, value } };
  });
