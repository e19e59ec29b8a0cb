import {
  connectionId,
  partitionOf,
  recordId,
  recordKey,
  type Attributes,
  type ConnectionId,
  type Micros,
  type RecordType,
  type Subject,
} from '@chargeproof/record';
import type { Clock } from '../clock.ts';
import type { Run } from '../run/run.ts';

/** What all records of one connection have in common, and their numbering. */
export class ConnectionIdentity {
  readonly id: ConnectionId;
  /** Undefined for a refusal that names no station. */
  readonly subject: Subject | undefined;
  readonly key: string;
  readonly tenant: string;
  readonly partition: number;
  /** Microseconds of the run at which the connection opened. */
  readonly runMonotonic: number;
  /** The negotiated subprotocol, once there is one. */
  protocol: string | undefined;
  readonly #run: Run;
  readonly #clock: Clock;
  readonly #origin: number;
  #next = 0;

  constructor(run: Run, clock: Clock, ordinal: number, key: string, subject: Subject | undefined) {
    const opened: Micros = clock.wall();
    this.id = connectionId(opened, run.id, ordinal);
    this.subject = subject;
    this.key = key;
    this.tenant = subject?.tenant ?? 'default';
    this.partition = partitionOf(key);
    this.runMonotonic = run.elapsed();
    this.#run = run;
    this.#clock = clock;
    this.#origin = clock.monotonic();
  }

  static of(run: Run, clock: Clock, ordinal: number, subject: Subject): ConnectionIdentity {
    return new ConnectionIdentity(run, clock, ordinal, recordKey(subject), subject);
  }

  get lastSequence(): number {
    return this.#next - 1;
  }

  /** Microseconds since the connection opened. */
  elapsed(): number {
    return this.#clock.monotonic() - this.#origin;
  }

  /** The attributes of the connection's next record, now. The caller adds what is its own. */
  next(type: RecordType): Mutable<Attributes> & { readonly sequence: number } {
    const sequence = this.#next++;
    const attributes: Mutable<Attributes> & { sequence: number } = {
      id: recordId(this.id, sequence),
      source: this.#run.id,
      type,
      tenant: this.tenant,
      time: this.#clock.wall(),
      witness: 'wire',
      connection: this.id,
      sequence,
      monotonic: this.elapsed(),
    };
    if (this.subject !== undefined) attributes.subject = this.subject.station;
    if (this.protocol !== undefined) attributes.protocol = this.protocol;
    return attributes;
  }
}

type Mutable<Type> = { -readonly [Member in keyof Type]: Type[Member] };
