import {
  type AppendRequest,
  LogFailed,
  LogFull,
  NumbersRefused,
  type Offsets,
  partitionFor,
  type Topic,
} from '@chargeproof/log';
import type { Position } from '@chargeproof/record';
import { reasonOf } from './client/client.ts';
import { type OutgoingMessage, toMessage } from './message.ts';
import type { NumberedProducer } from './numbered-producer.ts';
import { GENERATION, MOST_RECORD_BYTES } from './topics.ts';

/** A call of `append` whose records are under way. */
type Call = {
  readonly positions: Position[];
  unacknowledged: number;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: Error) => void;
};
type Outgoing = {
  readonly message: OutgoingMessage;
  readonly bytes: number;
  readonly call: Call;
  /** Its place in the call. */
  readonly index: number;
};

/** What is sent at once: a broker gives a consumer at least one whole batch, whatever it asked for. */
const BATCH_BYTES = 1024 * 1024;
/** What is to be sent again, or looked up by those who come after us, is no more than this. */
const BATCH_RECORDS = 2000;
/** What may wait for the brokers before the log is said to be full. */
const MOST_WAITING_BYTES = 128 * 1024 * 1024;
/** By which brokers say that they know of other records under a number, or before it. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'UNKNOWN_PRODUCER_ID',
]);

/**
 * To one topic, one batch after the other: kafkajs collects nothing by itself, and sends of one idempotent producer
 * that overlap reach the broker out of sequence. What is appended while a batch is under way makes the next one,
 * so an append after a pause waits for nothing but its own acknowledgement, and under load batches grow by
 * themselves.
 *
 * A batch that the producer gives up fails the log for good: nobody knows whether it is in there, and what comes
 * after it must not be stored before it.
 */
export class SendLoop {
  readonly #topic: Topic;
  readonly #producer: Pick<NumberedProducer, 'send'>;
  readonly #waiting: Outgoing[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;
  #failure: LogFailed | undefined;
  #isClosing = false;

  constructor(topic: Topic, producer: Pick<NumberedProducer, 'send'>) {
    this.#topic = topic;
    this.#producer = producer;
  }

  append(requests: readonly AppendRequest[]): Promise<readonly Position[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure) throw this.#failure;
      if (this.#isClosing) throw new LogFailed('the log is closed');
      const call: Call = { positions: [], unacknowledged: requests.length, resolve, reject };
      const outgoing = requests.map((request, index) => {
        const { message, bytes } = toMessage(request, partitionFor(this.#topic, request));
        return { message, bytes, call, index };
      });
      if (outgoing.length === 0) resolve([]);
      else this.#take(outgoing);
    });
  }

  /** Takes no more calls. Settles when those it took are settled. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
  }

  #take(outgoing: readonly Outgoing[]): void {
    const bytes = outgoing.reduce((sum, each) => sum + each.bytes, 0);
    const largest = Math.max(...outgoing.map((each) => each.bytes));
    if (largest > MOST_RECORD_BYTES)
      throw new LogFull(`a record of ${largest} bytes is more than the log takes`);
    if (this.#waitingBytes + bytes > MOST_WAITING_BYTES)
      throw new LogFull(`${this.#waitingBytes} bytes wait for the brokers`);
    this.#waiting.push(...outgoing);
    this.#waitingBytes += bytes;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // What else is appended in this turn of the event loop goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      try {
        this.#acknowledge(batch, await this.#send(batch));
      } catch (error) {
        this.#fail(error, batch);
      }
    }
    this.#running = undefined;
  }

  #nextBatch(): readonly Outgoing[] {
    let bytes = 0;
    const passes = this.#waiting.findIndex((each, index) => {
      bytes += each.bytes;
      return bytes > BATCH_BYTES || index === BATCH_RECORDS;
    });
    const batch = this.#waiting.splice(0, passes < 0 ? this.#waiting.length : Math.max(1, passes));
    for (const each of batch) this.#waitingBytes -= each.bytes;
    return batch;
  }

  #send(batch: readonly Outgoing[]): Promise<Offsets> {
    const parts = Map.groupBy(
      batch.map(({ message }) => message),
      ({ partition }) => partition,
    );
    return this.#producer.send(parts);
  }

  /** The broker tells the first offset of each partition's part; the records follow it in order. */
  #acknowledge(batch: readonly Outgoing[], taken: Offsets): void {
    const next = new Map(taken);
    for (const { message, call, index } of batch) {
      const { partition } = message;
      const offset = next.get(partition);
      if (offset === undefined) throw new Error(`the broker named no offset for partition ${partition}`);
      next.set(partition, offset + 1);
      call.positions[index] = { generation: GENERATION, partition, offset };
      call.unacknowledged -= 1;
      if (call.unacknowledged === 0) call.resolve(call.positions);
    }
  }

  #fail(error: unknown, batch: readonly Outgoing[]): void {
    const Failure = REFUSALS.has((error as { type?: unknown }).type) ? NumbersRefused : LogFailed;
    this.#failure ??= new Failure(`the log cannot go on: ${reasonOf(error)}`, { cause: error });
    for (const { call } of [...batch, ...this.#waiting.splice(0)]) call.reject(this.#failure);
    this.#waitingBytes = 0;
  }
}
