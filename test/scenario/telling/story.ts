import { type Appended, GatewayRun, type Socket } from '@chargeproof/projection/testing';
import { type Direction, FRAME_PARTITIONS, partitionOf, recordKey } from '@chargeproof/record';

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;
/** Long before any test runs: what is imported must not come from the future. */
const FIRST_DAY = Date.UTC(2025, 0, 1) * 1000;
const TICK_SECONDS = 60;

/** Each story has a day of its own, so that no other's gateway watched its hours. */
let days = 0;
/** Each gateway has a name of its own: it is in the ids of its records. */
let runs = 0;

/** What a station says, and what is said to it, at the seconds of its story. */
export class Story {
  readonly station: string;
  readonly #began: number;
  #run: GatewayRun | undefined;
  #nextTick = 0;
  #told: Appended[] = [];

  /** @param day another's: then both happen at the same hours */
  constructor(station: string, day?: Story) {
    this.station = station;
    this.#began = day === undefined ? FIRST_DAY + days++ * DAY : day.#began;
    this.start(0);
  }

  /** Microseconds. */
  second(seconds: number): number {
    return this.#began + Math.round(seconds * SECOND);
  }

  /** As OCPP and GraphQL write it. */
  time(seconds: number): string {
    return new Date(this.second(seconds) / 1000).toISOString();
  }

  /** A gateway begins to watch; ticks follow by the minute. */
  start(at: number): void {
    const random = `run${String(runs++).padStart(3, '0')}`;
    this.#run = new GatewayRun(this.second(at), 0, random, FRAME_PARTITIONS, (one) => {
      if (one.partition === this.#partition) this.#told.push(one);
    });
    this.#run.start(TICK_SECONDS);
    this.#nextTick = at + TICK_SECONDS;
  }

  /** It goes on watching until then. */
  until(at: number): GatewayRun {
    if (this.#run === undefined) throw new Error('nobody watches');
    for (; this.#nextTick <= at; this.#nextTick += TICK_SECONDS)
      this.#run.tick(this.second(this.#nextTick), TICK_SECONDS);
    return this.#run;
  }

  /** It ends in order. */
  stop(at: number): void {
    this.until(at).stop(this.second(at));
    this.#run = undefined;
  }

  connect(at: number): Line {
    const socket = this.until(at).open(this.second(at), { tenant: 'default', station: this.station });
    return new Line(this, socket);
  }

  /** What was not taken before. */
  take(): readonly Appended[] {
    return this.#told.splice(0);
  }

  get #partition(): number {
    return partitionOf(recordKey({ tenant: 'default', station: this.station }));
  }
}

/** One connection of the station. */
export class Line {
  readonly #story: Story;
  readonly #socket: Socket;
  #messages = 0;

  constructor(story: Story, socket: Socket) {
    this.#story = story;
    this.#socket = socket;
  }

  up(at: number, message: unknown): void {
    this.#frame(at, 'station-to-csms', message);
  }

  down(at: number, message: unknown): void {
    this.#frame(at, 'csms-to-station', message);
  }

  /** A CALL of the station under the next number of the connection, and its answer in the same second. */
  call(at: number, action: string, payload: object, answer: object = {}): void {
    const id = this.unanswered(at, action, payload);
    this.down(at + 0.1, [3, id, answer]);
  }

  /** @returns its message id */
  unanswered(at: number, action: string, payload: object): string {
    const id = String(++this.#messages);
    this.up(at, [2, id, action, payload]);
    return id;
  }

  close(at: number): void {
    const run = this.#story.until(at);
    run.close(this.#story.second(at), this.#socket, { code: 1006, reason: '', by: 'station' });
  }

  #frame(at: number, direction: Direction, message: unknown): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    this.#story.until(at).frame(this.#story.second(at), this.#socket, direction, text);
  }
}
