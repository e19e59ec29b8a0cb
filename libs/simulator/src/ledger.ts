import { createHash } from 'node:crypto';

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

/** What both sides of a simulation sent and received, in order, a line a frame. */
export class Ledger {
  readonly entries: LedgerEntry[] = [];

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
