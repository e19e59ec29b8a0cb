import type { Answered, AnsweredProtocol } from '@chargeproof/central-system';
import { type RecordId, recordId } from '@chargeproof/record';
import type { ConnectionEnd, EndEvents, Outgoing } from '../connection/connection-end.ts';
import type { ConnectionIdentity } from '../connection/identity.ts';
import type { StationsWatch } from './answered-stations.ts';

export type AnsweringOptions = {
  readonly identity: Pick<ConnectionIdentity, 'id' | 'key' | 'lastSequence'>;
  readonly protocol: AnsweredProtocol;
  readonly answer: (data: Uint8Array, opcode: 'text' | 'binary') => Answered;
  /** A CALL of ours is about to leave. */
  readonly asking: (call: Uint8Array) => void;
  /** Asks the station's socket whether it is there. @param heard called when anything comes over it */
  readonly ask: (heard: () => void) => void;
  readonly events: Pick<EndEvents, 'message' | 'closed'>;
  readonly watch: StationsWatch;
  /** An answer is due that cannot be given: the station has to send its message again, over another connection. */
  readonly onWithheld: () => void;
  readonly onBug: (error: unknown) => void;
};

const NO_CODE = 1005;

/**
 * The built-in central system at the end of one connection. What it takes is durable already; what it says
 * goes the way of every frame, so it is recorded before the station gets it, one after the other.
 */
export class AnsweringEnd implements ConnectionEnd {
  readonly side = 'upstream';
  readonly origin = 'gateway';
  readonly #options: AnsweringOptions;
  /** Taken and not answered yet, because the station does not read what it was answered. */
  readonly #waiting: Outgoing[] = [];
  #paused = false;
  #stationIsThere = false;
  #closed = false;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get connection(): string {
    return this.#options.identity.id;
  }

  get protocol(): AnsweredProtocol {
    return this.#options.protocol;
  }

  /** Asks whether the station is there still: of a socket that is half open nothing is heard. */
  ask(heard: () => void): void {
    this.#options.ask(heard);
  }

  /** Sends a CALL to the station. @returns its record, undefined where the connection is over */
  call(frame: Buffer): RecordId | undefined {
    const { events, identity } = this.#options;
    if (this.#closed || !this.#stationIsThere) return undefined;
    this.#options.asking(frame);
    events.message(this, frame, false);
    return recordId(identity.id, identity.lastSequence);
  }

  send(outgoing: Outgoing): boolean {
    if (this.#closed) return false;
    this.#waiting.push(outgoing);
    this.#work();
    return true;
  }

  pause(): void {
    this.#paused = true;
  }

  /** Its connection says so too when the station's socket is there. */
  resume(): void {
    this.#paused = false;
    this.#work();
    if (this.#stationIsThere || this.#closed) return;
    this.#stationIsThere = true;
    this.#options.watch.arrived(this.#options.identity.key, this);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const outgoing of this.#waiting.splice(0)) outgoing.written(new Error('not answered'));
    const { events, watch, identity } = this.#options;
    if (this.#stationIsThere) watch.left(identity.key, this);
    events.closed(this, NO_CODE, Buffer.alloc(0), undefined);
  }

  terminate(): void {
    this.close();
  }

  probe(): void {
    // It is in this process: there is nothing to find out.
  }

  #work(): void {
    while (!this.#paused && !this.#closed) {
      const outgoing = this.#waiting.shift();
      if (outgoing === undefined) return;
      outgoing.written(this.#answer(outgoing));
    }
  }

  /** @returns why it has no answer, where it should have one */
  #answer({ data, binary, sequence }: Outgoing): Error | undefined {
    const { answer, events, watch, identity, onWithheld, onBug } = this.#options;
    try {
      const { response, withheld, answers, accepts } = answer(data, binary ? 'binary' : 'text');
      if (response !== undefined) events.message(this, Buffer.from(response), false);
      if (answers !== undefined)
        watch.answered(identity.key, this, { ...answers, record: recordId(identity.id, sequence) });
      if (accepts === true) watch.accepted(identity.key, this, recordId(identity.id, sequence));
      if (withheld !== true) return undefined;
    } catch (bug) {
      onBug(bug);
    }
    onWithheld();
    return new Error('not answered');
  }
}
