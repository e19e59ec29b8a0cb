import type { ChargeRecord, LoggedRecord, Position } from '@chargeproof/record';

/** `ocpp.frames`: 24 partitions by key. `platform.decisions`: one partition. */
export const TOPICS = { 'ocpp.frames': 24, 'platform.decisions': 1 } as const;
export type Topic = keyof typeof TOPICS;

/**
 * The key decides the partition. `partition` is for what a run says of itself, once to every partition, and
 * for a caller that has hashed the key already: another one than the key's would break a station's order.
 */
export type AppendRequest = ChargeRecord & { readonly partition?: number };

/** Where to go on reading: partition → the first offset wanted. A partition that is missing starts at 0. */
export type Offsets = ReadonlyMap<number, number>;

export type ReadRequest = {
  readonly topic: Topic;
  readonly from: Offsets;
  /** Only these partitions; all where absent. */
  readonly partitions?: readonly number[];
  readonly maxRecords: number;
  /** A soft bound: the record that passes it is the last one given. At least one record is always given. */
  readonly maxBytes: number;
};

export type Subscription = {
  /** Ends after the batch in hand. Settles when no handler runs any more. */
  close(): Promise<void>;
  /** Rejects with what the handler or the log threw: a subscription never goes on past an error. Left unhandled it ends the process. */
  readonly failed: Promise<never>;
};

/** Reads the log. Other processes than the log's owner may hold one. */
export interface LogReader {
  readonly generation: number;
  /** Records in log order within each partition. Empty at the end. */
  read(request: ReadRequest): Promise<readonly LoggedRecord[]>;
  /**
   * Calls the handler with each batch in turn, and waits for it, for ever. Offsets within a partition
   * arrive rising and none is left out. A handler must not wait for its own subscription's `close`.
   */
  subscribe(request: ReadRequest, handler: (batch: readonly LoggedRecord[]) => Promise<void>): Subscription;
  /** Notes how far a named group has come. For lag tools only: the store's checkpoint is the truth. */
  commit(topic: Topic, group: string, offsets: Offsets): Promise<void>;
  committed(topic: Topic, group: string): Promise<Offsets>;
  /** The next offset of every partition: all records before it are readable. */
  end(topic: Topic): Promise<Offsets>;
  /**
   * How many records there are from these offsets on, in the partitions that they name. Offsets skip, and in some
   * logs partitions share them: a difference of two is no count.
   */
  recordsFrom(topic: Topic, from: Offsets): Promise<number>;
  close(): Promise<void>;
}

/** Owns the log. One per folder: a second opener gets {@link LogOwned}. */
export interface Log extends LogReader {
  /**
   * Resolves when every record is durable, with their positions in order. Records of one partition are
   * stored in the order of the calls. Rejects with {@link LogFull}, and then none of the call's records is
   * in the log; or with {@link LogFailed}, and then none is in a log of its owner's own. In one that brokers
   * keep some may be, as with {@link LogAway}.
   */
  append(topic: Topic, records: readonly AppendRequest[]): Promise<readonly Position[]>;
}

export class LogOwned extends Error {
  override readonly name = 'LogOwned';
}
export class LogFull extends Error {
  override readonly name = 'LogFull';
}
/** The log cannot go on: torn file, input or output error, a folder of an older format. */
export class LogFailed extends Error {
  override readonly name: string = 'LogFailed';
}
/** The log cannot be reached now, and may be later. What was being appended may be in it or not. */
export class LogAway extends LogFailed {
  override readonly name = 'LogAway';
}
