import { Latency, Tally } from '@chargeproof/operations';
import type { Direction } from '@chargeproof/record';

class Way {
  frames = 0;
  bytes = 0;
  /** From a frame's receipt until the other side's socket, or the built-in central system, has it. */
  readonly relay = new Latency();
}

/** What a run counts of its work, as plain numbers: adding to them must cost a frame next to nothing. */
export class Counts {
  readonly ways: Readonly<Record<Direction, Way>> = {
    'station-to-csms': new Way(),
    'csms-to-station': new Way(),
  };
  /** From giving records to the log until they are durable. */
  readonly append = new Latency();
  readonly handshakesRefused = new Tally();
  /** By why: too long, no room in the log, … */
  readonly framesRefused = new Tally();
  /** Recorded, and the other side did not get it. */
  readonly framesNotRelayed = new Tally();
  connectionsOpened = 0;
  pauses = 0;
  /** Of stations that talk faster than they may, once it is recorded. */
  limitPauses = 0;

  frame(direction: Direction, bytes: number): void {
    const way = this.ways[direction];
    way.frames += 1;
    way.bytes += bytes;
  }

  relayed(direction: Direction, receivedAt: number): void {
    this.ways[direction].relay.took(performance.now() - receivedAt);
  }
}
