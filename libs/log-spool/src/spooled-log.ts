import { type AppendRequest, type Log, LogAway, LogFailed, partitionFor, type Topic } from '@chargeproof/log';
import type { Position } from '@chargeproof/record';
import { Call } from './calls.ts';
import { drain } from './drain.ts';
import { TOPIC } from './segments.ts';
import type { Fill, Spool } from './spool.ts';
import { type ThroughParts, ThroughReader } from './through-reader.ts';
import { within } from './waiting.ts';

/**
 * `direct`: what is appended goes to the log. `spooling`: to the spool. `draining`: to the spool, whose beginning
 * goes to the log. `handing`: the spool is all but drained, and what is appended waits for its end.
 */
type State = 'direct' | 'spooling' | 'draining' | 'handing';

export type SpoolStatus = {
  readonly state: 'direct' | 'spooling' | 'draining';
  readonly fill: Fill;
  /** Not known to be in the log. */
  readonly records: number;
  readonly bytes: number;
  /** Records that went from the spool to the log, since start. */
  readonly drained: number;
  /** Since the log last acknowledged anything. */
  readonly silentSeconds: number;
  /** Why the log cannot be opened, where that was tried. */
  readonly reason: string;
};

export type SpooledLogParts = ThroughParts & {
  readonly spool: Spool;
  /** What the log has not acknowledged by then is spooled. */
  readonly spoolAfterMilliseconds: number;
  /** A line each. */
  readonly onNews: (line: string) => void;
};

/** What waits for a log that is away, or for room on a full disk, is not waited for longer than this. */
const CLOSE_MILLISECONDS = 5000;

/**
 * A log that goes on taking records while the one behind it is away. A record is durable in one of the two before
 * anybody is told, in the log once, and in the order of the calls: nothing is appended directly before everything
 * that was spooled is in the log.
 */
export class SpooledLog extends ThroughReader implements Log {
  readonly #parts: SpooledLogParts;
  #state: State = 'direct';
  /** Given to the log, not acknowledged. */
  readonly #underWay = new Set<Call>();
  /** Waits for the drain's end. */
  #held: Call[] = [];
  readonly #open = new Set<Promise<unknown>>();
  #timer: NodeJS.Timeout | undefined;
  #draining: Promise<void> = Promise.resolve();
  #drained = 0;
  #since = performance.now();
  #closing: Promise<void> | undefined;

  constructor(parts: SpooledLogParts) {
    super(parts);
    this.#parts = parts;
    if (parts.upstream.log === undefined || !parts.spool.isEmpty) {
      this.#since = performance.now();
      this.#spoolFrom(parts.upstream.reason || `${parts.spool.records} records were left in it`);
    }
  }

  append(topic: Topic, records: readonly AppendRequest[]): Promise<readonly Position[]> {
    const taken = this.#take(topic, records);
    this.#open.add(taken);
    const over = () => this.#open.delete(taken);
    taken.then(over, over);
    return taken;
  }

  get status(): SpoolStatus {
    const { spool, upstream } = this.#parts;
    const state = this.#state === 'handing' ? 'draining' : this.#state;
    const { records, bytes } = spool;
    const { silentSeconds, reason } = upstream;
    return { state, fill: this.fill, records, bytes, drained: this.#drained, silentSeconds, reason };
  }

  /** How much room is left, while it is needed. */
  get fill(): Fill {
    return this.#state === 'direct' ? 'room' : this.#parts.spool.fill;
  }

  override close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { spool, upstream } = this.#parts;
    await super.close();
    this.#release();
    await within(CLOSE_MILLISECONDS, Promise.allSettled(this.#open));
    clearTimeout(this.#timer);
    await upstream.close();
    await within(CLOSE_MILLISECONDS, this.#draining);
    await spool.close();
  }

  async #take(topic: Topic, records: readonly AppendRequest[]): Promise<readonly Position[]> {
    if (this.isClosing) throw new LogFailed('the log is closed');
    for (const record of records) partitionFor(topic, record);
    if (records.length === 0) return [];
    if (topic !== TOPIC) return this.#decide(topic, records);
    const call = new Call(records);
    if (this.#state === 'direct') this.#send(call);
    else if (this.#state === 'handing') this.#hold(call);
    else this.#spool(call);
    return call.positions;
  }

  /** What must not be claimed twice is not spooled: the others would not see it. */
  async #decide(topic: Topic, records: readonly AppendRequest[]): Promise<readonly Position[]> {
    const { upstream, spoolAfterMilliseconds } = this.#parts;
    const { log } = upstream;
    if (log === undefined || this.#state === 'spooling')
      throw new LogAway(`${topic} takes nothing now: the log cannot be reached`);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(
        new LogAway(
          `${topic} did not acknowledge in ${spoolAfterMilliseconds / 1000} s: it may have taken it or not`,
        ),
      );
    }, spoolAfterMilliseconds);
    try {
      return await Promise.race([late, log.append(topic, records)]);
    } finally {
      clearTimeout(timer);
    }
  }

  #send(call: Call): void {
    const { upstream } = this.#parts;
    call.begun = performance.now();
    this.#underWay.add(call);
    this.#watch();
    call.outcome = upstream.log?.append(TOPIC, call.records) ?? Promise.reject(new LogAway('it is away'));
    call.outcome.then(
      (positions) => {
        call.isInLog = true;
        this.#underWay.delete(call);
        upstream.acknowledged(positions);
        call.resolve(positions);
      },
      (error: unknown) => {
        this.#notTaken(call, error);
      },
    );
  }

  #notTaken(call: Call, error: unknown): void {
    if (!this.#underWay.has(call)) return;
    if (error instanceof LogFailed) {
      this.#spoolFrom(error.message);
      return;
    }
    this.#underWay.delete(call);
    call.reject(error);
  }

  #spool(call: Call): void {
    this.#parts.spool.append(call.records).then(call.resolve, call.reject);
  }

  #hold(call: Call): void {
    this.#held.push(call);
    this.#watch();
  }

  /** What is held goes to the spool after all: the drain takes too long, or nobody waits for its end. */
  #release(): void {
    if (this.#state === 'handing') this.#state = 'draining';
    for (const call of this.#held.splice(0)) this.#spool(call);
  }

  /** One timer for all: it looks at the call that waits longest. */
  #watch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, this.#left());
  }

  #left(): number {
    const [oldest] = this.#state === 'direct' ? this.#underWay : this.#held;
    if (oldest === undefined) return this.#parts.spoolAfterMilliseconds;
    return Math.max(0, oldest.begun + this.#parts.spoolAfterMilliseconds - performance.now());
  }

  #look(): void {
    const waiting = this.#state === 'direct' ? this.#underWay.size : this.#held.length;
    if (waiting === 0) return;
    if (this.#left() > 0) this.#watch();
    else if (this.#state === 'handing') this.#release();
    else if (this.#state === 'direct')
      this.#spoolFrom(`it did not acknowledge in ${this.#parts.spoolAfterMilliseconds / 1000} s`);
  }

  #spoolFrom(reason: string): void {
    const { spool, upstream, onTrouble } = this.#parts;
    this.#state = 'spooling';
    this.#since = performance.now();
    onTrouble(`the log is away, records are spooled: ${reason}`);
    const unknown = [...this.#underWay];
    this.#underWay.clear();
    const begun = spool.isEmpty
      ? spool.begin(
          upstream,
          unknown.map((call) => ({
            records: call.records,
            isInLog: () => call.isInLog,
            spooled: call.resolve,
          })),
        )
      : Promise.resolve(0);
    this.#draining = this.#drain(begun, unknown);
  }

  async #drain(begun: Promise<number>, unknown: readonly Call[]): Promise<void> {
    const { upstream, spool, onTrouble, retryMilliseconds } = this.#parts;
    await drain({
      upstream,
      spool,
      retryMilliseconds,
      begun,
      outcomes: unknown.map(({ outcome }) => outcome),
      onTrouble,
      isClosing: () => this.isClosing,
      reached: () => {
        if (this.#state === 'spooling') this.#state = 'draining';
      },
      lost: () => {
        this.#release();
        this.#state = 'spooling';
      },
      drained: (records) => {
        this.#drained += records;
      },
      nearEnd: () => this.#nearEnd(),
    });
  }

  /** @returns whether that was all: then the log is appended to directly again */
  async #nearEnd(): Promise<boolean> {
    const { spool, upstream, onNews } = this.#parts;
    if (this.#state !== 'handing') {
      this.#state = 'handing';
      await spool.flushed();
      return false;
    }
    if (!spool.isEmpty) {
      await spool.flushed();
      return false;
    }
    spool.clear();
    upstream.takeNumbers();
    this.#state = 'direct';
    const seconds = ((performance.now() - this.#since) / 1000).toFixed(1);
    onNews(`the log is there again, nothing is spooled any more after ${seconds} s`);
    for (const call of this.#held.splice(0)) this.#send(call);
    return true;
  }
}
