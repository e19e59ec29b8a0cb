import type { Frame, FrameFault } from '@chargeproof/ocpp';

const NOT_JSON: ReadonlySet<FrameFault> = new Set<FrameFault>([
  'cut',
  'binary',
  'not-utf8',
  'not-json',
  'truncated-json',
  'too-deep',
]);

/** Whether a frame is no JSON, however much of it can be told nevertheless. */
export const isNotJson = ({ fault }: Frame): boolean => fault !== undefined && NOT_JSON.has(fault.reason);
