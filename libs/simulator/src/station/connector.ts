import type { TransactionTruth } from '../ledger.ts';
import type { Meter } from '../meter.ts';
import type { Payload } from '../peer.ts';
import type { Reading } from './messages.ts';

export type Status =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

/** A car that charges. */
export type Charging = {
  readonly idTag: string;
  readonly watts: number;
  readonly truth: TransactionTruth;
  /** For transactionData: its first reading, then samples. */
  readonly data: Payload[];
  /** Whether energy flows: not while the central system has refused the tag. */
  flows: boolean;
  /** Milliseconds until the next sample; undefined where none is sent. */
  untilSample: number | undefined;
};

/** One connector: its meter, what it says of itself, and the car at it. */
export class Connector {
  readonly id: number;
  readonly meter: Meter;
  status: Status = 'Available';
  /** What the central system was last told. */
  told: Status | undefined;
  charging: Charging | undefined;
  /** Set out of use as soon as its transaction is over. */
  leavesService = false;

  constructor(id: number, meter: Meter) {
    this.id = id;
    this.meter = meter;
  }

  get reading(): Reading {
    return { registerWh: this.meter.registerWh, watts: this.charging?.flows ? this.charging.watts : 0 };
  }

  /** The physics of so many milliseconds. */
  pass(milliseconds: number): void {
    const { charging } = this;
    if (charging === undefined) return;
    if (charging.flows) charging.truth.energyWh += this.meter.charge(charging.watts, milliseconds);
    if (charging.untilSample !== undefined) charging.untilSample -= milliseconds;
  }
}
