import { createFolder } from '@chargeproof/projection';
import type { StampedFact } from '@chargeproof/projection';
import { drive, Scene, second, STATION, STATION_STREAM } from '@chargeproof/projection/testing';
import type { LoggedRecord, Micros } from '@chargeproof/record';
import type { Row } from '@chargeproof/tables';
import { meterValues } from '../meter-values/meter-values.ts';
import { transactionFrames } from './transaction-frames.ts';
import { transactions } from './transactions.ts';

export const folder = createFolder([transactions, transactionFrames, meterValues]);

/** `2026-11-01T00:00:10.000Z` for second 10 of a scene. */
export const clock = (seconds: number): string => new Date(second(seconds) / 1000).toISOString();

type Payload = Readonly<Record<string, unknown>>;

/** A station that speaks OCPP 1.6 through one gateway, for examples by hand. A second passes before each frame. */
export class Charger {
  readonly scene = new Scene();
  readonly #run = this.scene.run('aaaaaa');
  #socket = this.#run.open(second(1), STATION);
  #seconds = 1;
  #calls = 0;
  #last = '';

  get seconds(): number {
    return this.#seconds;
  }

  wait(seconds: number): this {
    this.#seconds += seconds;
    return this;
  }

  reconnect(): this {
    this.#run.close(this.#now(), this.#socket, { code: 1006, reason: '', by: 'station' });
    this.#socket = this.#run.open(this.#now(), STATION);
    return this;
  }

  /** @returns id of its record */
  call(action: string, payload: unknown): string {
    this.#last = String(++this.#calls);
    return this.#frame('station-to-csms', [2, this.#last, action, payload]);
  }

  /** Answers the last CALL. */
  answer(payload: unknown): string {
    return this.#frame('csms-to-station', [3, this.#last, payload]);
  }

  fail(code = 'InternalError'): string {
    return this.#frame('csms-to-station', [4, this.#last, code, '', {}]);
  }

  /** A start, answered with this id; unanswered where there is none. */
  start(id: unknown, more: Payload = {}, status = 'Accepted'): string {
    const timestamp = clock(this.#seconds + 1);
    const record = this.call('StartTransaction', {
      ...{ connectorId: 1, idTag: 'TAG', meterStart: 1000, timestamp },
      ...more,
    });
    if (id !== undefined) this.answer({ transactionId: id, idTagInfo: { status } });
    return record;
  }

  stop(id: unknown, more: Payload = {}): string {
    const timestamp = clock(this.#seconds + 1);
    const payload = { transactionId: id, idTag: 'TAG', meterStop: 2000, timestamp, ...more };
    const record = this.call('StopTransaction', payload);
    this.answer({});
    return record;
  }

  meter(id: unknown, value: unknown, more: Payload = {}): string {
    const timestamp = clock(this.#seconds + 1);
    const meterValue = [{ timestamp, sampledValue: [{ value }] }];
    return this.call('MeterValues', { connectorId: 1, transactionId: id, meterValue, ...more });
  }

  status(status: string, connectorId = 1): string {
    const timestamp = clock(this.#seconds + 1);
    return this.call('StatusNotification', { connectorId, status, errorCode: 'NoError', timestamp });
  }

  boot(): string {
    return this.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  }

  told(): Told {
    return new Told(this.scene.log());
  }

  #frame(direction: 'station-to-csms' | 'csms-to-station', message: unknown): string {
    const record = `${this.#socket.id}/${this.#socket.sequence}`;
    this.#run.frame(this.#now(), this.#socket, direction, JSON.stringify(message));
    return record;
  }

  #now(): Micros {
    return second(++this.#seconds);
  }
}

/** The facts of folding a log whose one connection came late, and what was told before. */
export function refolded(log: readonly LoggedRecord[], lateConnection: string) {
  const isLate = ({ attributes }: LoggedRecord) => attributes.connection === lateConnection;
  const known = log.filter((record) => !isLate(record));
  const { facts } = folder.refold(folder.initial(STATION_STREAM), known, log.filter(isLate));
  return { before: new Told(known), facts };
}

/** How much is remembered of a station after a log, in characters. */
export function stateSize(log: readonly LoggedRecord[]): number {
  return JSON.stringify(folder.forward(folder.initial(STATION_STREAM), log).state.states).length;
}

/** What the three read models say of a log in the end. */
export class Told {
  readonly facts: readonly StampedFact[];
  readonly transactions: Readonly<Record<string, Row>>;
  /** transaction → record → role. */
  readonly frames: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly samples: readonly Row[];

  constructor(log: readonly LoggedRecord[]) {
    const { facts, parked } = drive(folder, log, []);
    if (parked[0]) throw new Error(`parked: ${parked[0].error}`);
    const current = new Map<string, StampedFact>();
    for (const one of facts) current.set(`${one.projection} ${JSON.stringify(one.fact.key)}`, one);
    const rows = (name: string) =>
      [...current.values()]
        .filter(({ projection, fact }) => projection === name && fact.values !== null)
        .map(({ fact }): Row => ({ ...fact.key, ...fact.values }));
    this.facts = facts;
    this.transactions = Object.fromEntries(rows('transactions').map((row) => [String(row.transaction), row]));
    const frames: Record<string, Record<string, unknown>> = {};
    for (const { transaction, record, role } of rows('transaction_frames')) {
      (frames[String(transaction)] ??= {})[String(record)] = role;
    }
    this.frames = frames;
    this.samples = rows('meter_values');
  }

  of(key: string): Row {
    const row = this.transactions[key];
    if (row === undefined)
      throw new Error(`no transaction ${key} in ${Object.keys(this.transactions).join()}`);
    return row;
  }

  /** Ids of its transactions by their kind, in order: `['transaction', 'orphan']`. */
  kinds(): readonly unknown[] {
    return Object.values(this.transactions).map(({ kind }) => kind);
  }
}
