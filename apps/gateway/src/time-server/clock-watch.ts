import { type HostAndPort, hostAndPort, NTP_PORT } from '@chargeproof/config';
import type { Tick } from '@chargeproof/record';
import type { Clock } from '../clock.ts';
import { askTime, NoReading, SMALLEST_STEP } from './ask-time.ts';
import type { ClockReading } from './ntp-packet.ts';

/** What a tick says of the host's clock; nothing where it is not known. */
export type ToldClock = Pick<Tick, 'clockOffset' | 'clockUncertainty' | 'clockAge'>;

export type ClockWatchOptions = {
  readonly server: HostAndPort;
  readonly clock: Clock;
  /** Why it is not known, each reason once. */
  readonly onTrouble: (error: Error) => void;
  readonly ask?: typeof askTime;
};

const MINUTE = 60_000;
/** A public server is asked so often and no more (RFC 4330, 10); after a failure sooner at first. */
const SELDOM = 15 * MINUTE;
const MICROS = 1000;
/** Who was not answered four times does not know any more: clocks drift. Microseconds. */
const OLDEST = 4 * SELDOM * MICROS;
/** A clock's own frequency is off by so many parts at most (RFC 5905, 7.1: PHI). */
const DRIFT = 15e-6;
/** Servers that want never to be asked again (RFC 5905, 7.4). */
const FOR_GOOD = ['DENY', 'RSTR'];

type Known = ClockReading & {
  readonly monotonic: number;
  /** The host's clock less the one that is never set: what changes when somebody sets it. */
  readonly apart: number;
};

/** Asks a time server every quarter of an hour how far the host's clock is off. No frame waits for it. */
export class ClockWatch {
  readonly #options: ClockWatchOptions;
  #known: Known | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pause = MINUTE;
  #told: string | undefined;
  #isOver = false;

  constructor(options: ClockWatchOptions) {
    this.#options = options;
  }

  /** Asks now, and from then on every quarter of an hour. Settles with the first answer, or without one. */
  async start(): Promise<void> {
    await this.#ask();
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /**
   * What is known now. A clock that was set since, or a host that slept, is not known until the server is asked
   * again, within a minute.
   */
  told(): ToldClock {
    if (this.#known === undefined) return {};
    const { offset, uncertainty, monotonic, apart } = this.#known;
    const now = this.#clocks();
    const age = now.monotonic - monotonic;
    if (Math.abs(now.apart - apart) > SMALLEST_STEP) {
      this.#known = undefined;
      this.#askIn(MINUTE);
      return {};
    }
    if (age > OLDEST) return {};
    return {
      clockOffset: offset,
      clockUncertainty: uncertainty + Math.ceil(age * DRIFT),
      clockAge: age,
    };
  }

  async #ask(): Promise<void> {
    const { server, clock, ask = askTime } = this.#options;
    try {
      const reading = await ask(server, clock);
      this.#known = { ...reading, ...this.#clocks() };
      this.#told = undefined;
      this.#pause = MINUTE;
      this.#askIn(SELDOM);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const { server, onTrouble } = this.#options;
    const kiss = error instanceof NoReading ? error.kiss : undefined;
    const why = error instanceof Error ? error.message : String(error);
    const said = `how far this host's clock is off is not known from ${server.host}: ${why}`;
    if (said !== this.#told && !this.#isOver) onTrouble(new Error(said));
    this.#told = said;
    if (kiss !== undefined && FOR_GOOD.includes(kiss)) this.stop();
    this.#askIn(kiss === undefined ? this.#pause : SELDOM * 2);
    this.#pause = Math.min(this.#pause * 2, SELDOM);
  }

  #askIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#timer = setTimeout(() => void this.#ask(), milliseconds).unref();
  }

  #clocks(): Pick<Known, 'monotonic' | 'apart'> {
    const { clock } = this.#options;
    const monotonic = clock.monotonic();
    return { monotonic, apart: clock.wall() - monotonic };
  }
}

/** Of the setting; undefined where none is to be asked. */
export function clockWatchOf(
  setting: string | undefined,
  clock: Clock,
  onTrouble: ClockWatchOptions['onTrouble'],
): ClockWatch | undefined {
  const server = setting === undefined ? undefined : hostAndPort(setting, NTP_PORT);
  return server && new ClockWatch({ server, clock, onTrouble });
}
