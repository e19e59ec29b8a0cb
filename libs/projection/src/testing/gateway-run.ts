import type {
  Attributes,
  ChargeRecord,
  Direction,
  Payloads,
  RecordType,
  RunId,
  RunStarted,
  Subject,
  Tick,
} from '@chargeproof/record';
import {
  connectionId,
  NO_STATION_KEY,
  partitionOf,
  recordId,
  recordKey,
  runId,
  runRecordId,
  writePayload,
} from '@chargeproof/record';

/** A record that a run appends, with the partition it goes to. */
export type Appended = { readonly partition: number; readonly record: ChargeRecord };

/** A socket of a station on a run that still lives. */
export type Socket = {
  readonly id: string;
  readonly subject: Subject;
  readonly run: GatewayRun;
  readonly openedAt: number;
  sequence: number;
  /** Whether a record was written since the run's last tick. */
  spoke: boolean;
  /** Calls made and not answered. */
  readonly open: { readonly direction: Direction; readonly messageId: string; readonly action: string }[];
};

const encoder = new TextEncoder();

/**
 * One life of a gateway process, as far as it shows in the log. Times are microseconds: `now` is true
 * time, which nobody in the log knows; the run has a wall clock, which may step, and one that never does.
 */
export class GatewayRun {
  readonly id: RunId;
  readonly sockets: Socket[] = [];
  readonly #began: number;
  readonly #partitions: number;
  readonly #append: (appended: Appended) => void;
  /** The wall clock, less true time. */
  #offset: number;
  #opened = 0;
  #ordinals: number[];
  #ticks: number[];
  #appended: number[];
  readonly #previousOf = new Map<string, string>();

  constructor(
    began: number,
    offset: number,
    random: string,
    partitions: number,
    append: (appended: Appended) => void,
  ) {
    this.#began = began;
    this.#offset = offset;
    this.#partitions = partitions;
    this.#append = append;
    this.id = runId(began + offset, random);
    const zeros = () => Array.from({ length: partitions }, () => 0);
    [this.#ordinals, this.#ticks, this.#appended] = [zeros(), zeros(), zeros()];
  }

  start(tickSeconds: number, previous?: RunStarted['previous'], record?: RunStarted['record']): void {
    const payload = {
      run: this.id,
      software: 'generated',
      tickSeconds,
      ...(record && { record }),
      ...(previous && { previous }),
    };
    this.#ofRun(this.#began, 'recorder.run-started.v1', () => payload);
  }

  stepClock(by: number): void {
    this.#offset += by;
  }

  /** A socket of which nothing is recorded yet. */
  socket(now: number, subject: Subject): Socket {
    const id = connectionId(now + this.#offset, this.id, this.#opened++);
    return { id, subject, run: this, openedAt: now, sequence: 0, spoke: true, open: [] };
  }

  open(now: number, subject: Subject): Socket {
    const socket = this.socket(now, subject);
    this.sockets.push(socket);
    this.#shake(now, socket, 'ocpp.handshake-accepted.v1', { selectedSubprotocol: 'ocpp1.6' });
    return socket;
  }

  refuse(now: number, subject: Subject): void {
    const refusal = { status: 404, reason: 'unknown-tenant' };
    this.#shake(now, this.socket(now, subject), 'ocpp.handshake-refused.v1', refusal);
  }

  frame(now: number, socket: Socket, direction: Direction, text: string): void {
    const origin = direction === 'station-to-csms' ? 'station' : 'csms';
    const attributes = { direction, origin, opcode: 'text', protocol: 'ocpp1.6' } as const;
    this.#ofSocket(now, socket, 'ocpp.frame.v1', encoder.encode(text), attributes);
  }

  note<Type extends keyof Payloads>(now: number, socket: Socket, type: Type, payload: Payloads[Type]): void {
    this.#ofSocket(now, socket, type, writePayload(type, payload));
  }

  close(now: number, socket: Socket, closed: Payloads['ocpp.connection-closed.v1']): void {
    this.note(now, socket, 'ocpp.connection-closed.v1', closed);
    this.sockets.splice(this.sockets.indexOf(socket), 1);
  }

  /**
   * @param lost the tick is counted by the run but does not reach the log
   * @param clock what it says of its host's clock
   */
  tick(
    now: number,
    tickSeconds: number,
    lost = false,
    clock: Pick<Tick, 'clockOffset' | 'clockUncertainty'> = {},
  ): void {
    const ordinals = this.#ticks.map((ordinal) => ordinal);
    this.#ticks = ordinals.map((ordinal) => ordinal + 1);
    const idle = this.sockets.filter(({ spoke }) => !spoke);
    if (!lost) {
      this.#ofRun(now, 'recorder.tick.v1', (partition) => ({
        run: this.id,
        ordinal: ordinals[partition] ?? 0,
        monotonic: now - this.#began,
        ...clock,
        tickSeconds,
        appended: this.#appended[partition] ?? 0,
        idle: idle
          .filter(({ subject }) => this.#partitionOf(subject) === partition)
          .map(({ id, sequence }) => ({
            connection: id,
            lastSequence: sequence - 1,
            pings: { station: { seen: 0, sent: 0, unanswered: 0 } },
          })),
      }));
      this.#appended = this.#appended.map(() => 0);
    }
    for (const socket of this.sockets) socket.spoke = false;
  }

  /** @param ticks how many it says it wrote; absent: it does not say */
  stop(now: number, ticks?: number): void {
    this.#ofRun(now, 'recorder.run-stopped.v1', () => ({
      run: this.id,
      reason: 'SIGTERM',
      monotonic: now - this.#began,
      ...(ticks !== undefined && { ticks }),
    }));
  }

  wallClock(now: number): number {
    return now + this.#offset;
  }

  #shake(now: number, socket: Socket, type: RecordType & keyof Payloads, outcome: object): void {
    const station = recordKey(socket.subject);
    const payload = {
      leg: 'station',
      rawPath: `/ocpp/${socket.subject.station}`,
      headerNames: [],
      offeredSubprotocols: ['ocpp1.6'],
      previousConnection: this.#previousOf.get(station) ?? null,
      runMonotonic: socket.openedAt - this.#began,
      ...outcome,
    };
    this.#previousOf.set(station, socket.id);
    this.#ofSocket(now, socket, type, encoder.encode(JSON.stringify(payload)));
  }

  #ofSocket(
    now: number,
    socket: Socket,
    type: RecordType,
    value: Uint8Array,
    more: Partial<Attributes> = {},
  ): void {
    const { id: connection, subject, openedAt } = socket;
    const sequence = socket.sequence++;
    socket.spoke = true;
    const partition = this.#partitionOf(subject);
    this.#appended[partition] = (this.#appended[partition] ?? 0) + 1;
    const attributes: Attributes = {
      id: recordId(connection, sequence),
      source: this.id,
      type,
      tenant: subject.tenant,
      subject: subject.station,
      time: this.wallClock(now),
      witness: 'wire',
      connection,
      sequence,
      monotonic: now - openedAt,
      ...more,
    };
    this.#append({ partition, record: { key: recordKey(subject), attributes, value } });
  }

  #ofRun<Type extends keyof Payloads>(
    now: number,
    type: Type,
    payload: (partition: number) => Payloads[Type],
  ): void {
    for (let partition = 0; partition < this.#partitions; partition++) {
      const ordinal = this.#ordinals[partition] ?? 0;
      this.#ordinals[partition] = ordinal + 1;
      const attributes: Attributes = {
        id: runRecordId(this.id, partition, ordinal),
        source: this.id,
        type,
        tenant: 'default',
        time: this.wallClock(now),
        witness: 'wire',
      };
      const record = { key: NO_STATION_KEY, attributes, value: writePayload(type, payload(partition)) };
      this.#append({ partition, record });
    }
  }

  #partitionOf(subject: Subject): number {
    return partitionOf(recordKey(subject), this.#partitions);
  }
}
