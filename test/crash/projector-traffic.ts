import type { AppendRequest } from '@chargeproof/log';
import type { Attributes, Payloads, RunId } from '@chargeproof/record';
import { randomFrom } from './random.ts';
import { type Said, talk } from './station-talk.ts';
import {
  connectionId,
  FRAME_PARTITIONS,
  partitionOf,
  recordId,
  recordKey,
  runId,
  runRecordId,
  writePayload,
} from '@chargeproof/record';

export type TrafficOptions = {
  readonly stations: number;
  /** CALLs with their answers, over all stations. */
  readonly calls: number;
  readonly seed: number;
  /** Of all stations, how many reconnect once and have the end of their first connection logged late. */
  readonly late?: number;
  readonly started?: number;
};

const SECOND = 1_000_000;
const TICK_SECONDS = 60;
const encoder = new TextEncoder();

/**
 * What a gateway would append for a fleet of OCPP 1.6 stations: handshakes, the CALLs of `station-talk.ts` and their
 * answers, ticks, closes, some answers missing; in the order of appending. The same for the same options.
 */
export function* traffic(options: TrafficOptions): Generator<AppendRequest> {
  const started = options.started ?? 1_763_700_000 * SECOND;
  const run = runId(started, 'abc123');
  const gateway = new Gateway(run, started);
  yield* gateway.toAll(
    'recorder.run-started.v1',
    { run, software: 'spec', tickSeconds: TICK_SECONDS },
    started,
  );
  const random = randomFrom(options.seed);
  const stations = Array.from(
    { length: options.stations },
    (_, index) => new Station(gateway, `CS-${index}`, random),
  );
  for (const [index, station] of stations.entries()) yield station.open(started + index * 1000);
  yield* calls(gateway, stations, options, random);
  const end = started + 602 * SECOND;
  for (const station of stations) if (random() < 0.3) yield station.close(end);
  yield* gateway.tick(end + 2 * SECOND);
}

/** Ten minutes of CALLs. The frames of the late stations' first connections are spooled, and drained behind the second ones'. */
function* calls(
  gateway: Gateway,
  stations: readonly Station[],
  { calls, late = 0 }: TrafficOptions,
  random: () => number,
): Generator<AppendRequest> {
  const lateStations = stations.slice(0, Math.round(late * stations.length));
  const spool: AppendRequest[] = [];
  const reconnect = Math.floor(calls / 2);
  const step = Math.max(200, Math.round((600 * SECOND) / calls));
  let now = gateway.started + SECOND;
  let nextTick = gateway.started + TICK_SECONDS * SECOND;
  for (let call = 0; call < calls; call++) {
    now += step;
    for (; now >= nextTick; nextTick += TICK_SECONDS * SECOND) yield* gateway.tick(nextTick);
    const station = stations[Math.floor(random() * stations.length)];
    const exchange = station?.exchange(call, now, random, step * 0.9) ?? [];
    if (station && call < reconnect && lateStations.includes(station)) spool.push(...exchange);
    else yield* exchange;
    if (call === reconnect) yield* reconnected(lateStations, now, spool);
    if (call > reconnect * 1.2 && random() < 0.05) yield* spool.splice(0, 20);
  }
  yield* spool;
}

function* reconnected(
  stations: readonly Station[],
  now: number,
  spool: AppendRequest[],
): Generator<AppendRequest> {
  for (const [index, station] of stations.entries()) {
    spool.push(station.close(now + index));
    yield station.open(now + SECOND + index);
  }
}

class Gateway {
  readonly run: RunId;
  readonly started: number;
  readonly #appended = new Array<number>(FRAME_PARTITIONS).fill(0);
  #ordinal = 0;
  #ticks = 0;
  #connections = 0;
  #transactions = 0;

  constructor(run: RunId, started: number) {
    this.run = run;
    this.started = started;
  }

  nextConnection(opened: number): string {
    return connectionId(opened, this.run, this.#connections++);
  }

  counted(partition: number): void {
    this.#appended[partition] = (this.#appended[partition] ?? 0) + 1;
  }

  nextTransactionId(): number {
    return ++this.#transactions;
  }

  monotonic(time: number): number {
    return time - this.started;
  }

  *tick(time: number): Generator<AppendRequest> {
    const ordinal = this.#ticks++;
    for (let partition = 0; partition < FRAME_PARTITIONS; partition++) {
      const appended = this.#appended[partition] ?? 0;
      this.#appended[partition] = 0;
      const monotonic = this.monotonic(time);
      const payload = { run: this.run, ordinal, monotonic, tickSeconds: TICK_SECONDS, appended, idle: [] };
      yield this.#ofRun('recorder.tick.v1', partition, payload, time);
    }
  }

  *toAll(type: 'recorder.run-started.v1', payload: Payloads[typeof type], time: number) {
    for (let partition = 0; partition < FRAME_PARTITIONS; partition++)
      yield this.#ofRun(type, partition, payload, time);
  }

  #ofRun<Type extends keyof Payloads>(
    type: Type,
    partition: number,
    payload: Payloads[Type],
    time: number,
  ): AppendRequest {
    const id = runRecordId(this.run, partition, this.#ordinal++);
    const attributes: Attributes = { id, source: this.run, type, tenant: 'default', time, witness: 'wire' };
    return { key: this.run, attributes, value: writePayload(type, payload), partition };
  }
}

class Station {
  readonly #gateway: Gateway;
  readonly #name: string;
  readonly #key: string;
  readonly #partition: number;
  #connection = '';
  #opened = 0;
  #sequence = 0;
  #last = 0;
  #talk: Generator<Said, never>;
  readonly #random: () => number;

  constructor(gateway: Gateway, name: string, random: () => number) {
    this.#random = random;
    this.#gateway = gateway;
    this.#name = name;
    this.#key = recordKey({ tenant: 'default', station: name });
    this.#partition = partitionOf(this.#key);
    this.#talk = this.#newTalk();
  }

  /** Opens a connection; who has it boots first. A transaction that went on is never told of again. */
  open(time: number): AppendRequest {
    this.#connection = this.#gateway.nextConnection(time);
    this.#opened = time;
    this.#last = time;
    this.#sequence = 0;
    this.#talk = this.#newTalk();
    return this.#record(
      'ocpp.handshake-accepted.v1',
      time,
      writePayload('ocpp.handshake-accepted.v1', {
        leg: 'station',
        rawPath: `/ocpp/${this.#name}`,
        headerNames: ['Host', 'Upgrade'],
        offeredSubprotocols: ['ocpp1.6'],
        selectedSubprotocol: 'ocpp1.6',
        previousConnection: null,
        runMonotonic: this.#gateway.monotonic(time),
      }),
    );
  }

  close(time: number): AppendRequest {
    const payload = { code: 1000, reason: '', by: 'station' } as const;
    return this.#record(
      'ocpp.connection-closed.v1',
      time,
      writePayload('ocpp.connection-closed.v1', payload),
    );
  }

  #newTalk(): Generator<Said, never> {
    const nextTransactionId = () => this.#gateway.nextTransactionId();
    return talk({ serial: this.#name, random: this.#random, nextTransactionId });
  }

  /** The next thing said: a CALL and, nearly always, its answer. */
  exchange(number: number, time: number, random: () => number, longest: number): AppendRequest[] {
    const id = number.toString(36).padStart(8, '0') + Math.floor(random() * 1e9).toString(36);
    const { by, action, payload, answer } = this.#talk.next().value(new Date(time / 1000).toISOString());
    const [asks, answers] =
      by === 'station' ? (['station', 'csms'] as const) : (['csms', 'station'] as const);
    const call = this.#frame(`[2,"${id}","${action}",${JSON.stringify(payload)}]`, time, asks);
    if (random() < 0.01) return [call];
    const text =
      random() < 0.01 ? `[4,"${id}","InternalError","",{}]` : `[3,"${id}",${JSON.stringify(answer)}]`;
    return [
      call,
      this.#frame(text, time + Math.floor(Math.min(longest, 20_000 + random() * 80_000)), answers),
    ];
  }

  #frame(text: string, time: number, origin: 'station' | 'csms'): AppendRequest {
    const direction = origin === 'station' ? 'station-to-csms' : 'csms-to-station';
    return this.#record('ocpp.frame.v1', time, encoder.encode(text), { direction, origin, opcode: 'text' });
  }

  #record(
    type: Attributes['type'],
    time: number,
    value: Uint8Array,
    more: Partial<Attributes> = {},
  ): AppendRequest {
    const sequence = this.#sequence++;
    // A connection's clock never goes back, though the next CALL may be drawn before the last answer.
    this.#last = Math.max(this.#last, time);
    this.#gateway.counted(this.#partition);
    const attributes: Attributes = {
      id: recordId(this.#connection, sequence),
      source: this.#gateway.run,
      type,
      tenant: 'default',
      subject: this.#name,
      time,
      witness: 'wire',
      connection: this.#connection,
      sequence,
      monotonic: this.#last - this.#opened,
      protocol: 'ocpp1.6',
      ...more,
    };
    return { key: this.#key, attributes, value };
  }
}

/** The run that starts on the folder of the one before, which died. */
export function nextRun(before: readonly AppendRequest[]): Iterable<AppendRequest> {
  const last = before.at(-1)?.attributes;
  if (last === undefined) return [];
  const started = last.time + 60 * SECOND;
  const run = runId(started, 'def456');
  const previous = { run: last.source, endedCleanly: false };
  return new Gateway(run, started).toAll(
    'recorder.run-started.v1',
    { run, software: 'spec', tickSeconds: TICK_SECONDS, previous },
    started,
  );
}
