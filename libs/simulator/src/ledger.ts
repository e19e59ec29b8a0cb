import { createHash } from 'node:crypto';
import type { FaultName } from './faults.ts';

export type Sender = 'station' | 'csms';

/** One frame as one side saw it leave or arrive. The witness against which the recorder is held. */
export type LedgerEntry = {
  readonly station: string;
  /** Which side wrote this line. */
  readonly by: Sender;
  readonly event: 'sent' | 'received';
  readonly opcode: 'text' | 'binary';
  readonly sha256: string;
  readonly bytes: number;
};

/** Energy that went through one connector in one transaction, counted in pulses of its meter. */
export type TransactionTruth = {
  readonly station: string;
  readonly connector: number;
  /** As the central system gave it; undefined until it did. */
  transactionId: number | undefined;
  energyWh: number;
  /** Wall clock in milliseconds. */
  readonly started: number;
  stopped: number | undefined;
};

/** From this moment on, in milliseconds of the wall clock, a station's link was so. */
export type LinkTruth = { readonly station: string; readonly at: number; readonly connected: boolean };

/** From this moment on a connector was so, as the station itself knew it. Connector 0 is the station. */
export type StatusTruth = {
  readonly station: string;
  readonly connector: number;
  readonly at: number;
  readonly status: string;
};

/** A fault that a station committed on purpose. */
export type FaultTruth = { readonly station: string; readonly fault: FaultName; readonly at: number };

/**
 * What both sides of a simulation sent and received, in order, a line a frame; and what was physically so:
 * energy, links, statuses and the faults that were seeded.
 */
export class Ledger {
  readonly entries: LedgerEntry[] = [];
  readonly transactions: TransactionTruth[] = [];
  readonly links: LinkTruth[] = [];
  readonly statuses: StatusTruth[] = [];
  readonly faults: FaultTruth[] = [];

  note(
    station: string,
    by: Sender,
    event: 'sent' | 'received',
    data: Uint8Array | string,
    opcode: 'text' | 'binary' = 'text',
  ): void {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.entries.push({ station, by, event, opcode, sha256, bytes: bytes.length });
  }

  /** Frames that either side sent, by station. */
  sentByStation(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { event, station } of this.entries) {
      if (event === 'sent') counts.set(station, (counts.get(station) ?? 0) + 1);
    }
    return counts;
  }
}
