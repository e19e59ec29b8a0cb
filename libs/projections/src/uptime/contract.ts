import type { UptimeResult } from '@chargeproof/uptime';

/** How long one connector was up in the period, and why. */
export type UptimeEntry = UptimeResult & {
  readonly tenant: string;
  readonly station: string;
  readonly connector: number;
};
