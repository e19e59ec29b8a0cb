import {
  DEFAULT_TENANT,
  FRAME_PARTITIONS,
  NO_STATION_KEY,
  runRecordId,
  writePayload,
  type IdleConnection,
  type Payloads,
  type RunStarted,
} from '@chargeproof/record';
import type { Clock } from '../clock.ts';
import type { ToldClock } from '../time-server/clock-watch.ts';
import type { Recorder } from './recorder.ts';
import type { Run } from './run.ts';

type OfARun = 'recorder.run-started.v1' | 'recorder.run-stopped.v1' | 'recorder.tick.v1';

export type RunRecordsOptions = {
  readonly run: Run;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly tickSeconds: number;
  readonly software: string;
  /** When frames go on, as the run's start tells it. */
  readonly order: Pick<RunStarted, 'record'>;
  /** How far the host's clock is off, as far as it is known. */
  readonly tellClock: () => ToldClock;
  /** Writes what is only counted until then, so that the tick counts it. */
  readonly beforeTick: () => void;
  /** The open connections of each partition that had no frame since this was last asked. */
  readonly takeIdle: () => ReadonlyMap<number, readonly IdleConnection[]>;
};

/** What a run says of itself, once to every partition: started, a tick every `tickSeconds`, stopped. */
export class RunRecords {
  readonly #options: RunRecordsOptions;
  readonly #partitions = Array.from({ length: FRAME_PARTITIONS }, (_, partition) => partition);
  #ordinal = 0;
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RunRecordsOptions) {
    this.#options = options;
  }

  /** Resolves when the log holds it everywhere; then ticks begin. */
  async start(previous: RunStarted['previous']): Promise<void> {
    const { run, software, tickSeconds, order } = this.#options;
    const payload: RunStarted = {
      run: run.id,
      software,
      tickSeconds,
      ...order,
      ...(previous && { previous }),
    };
    await this.#toEveryPartition('recorder.run-started.v1', () => payload);
    this.#timer = setInterval(() => {
      // A tick that the log refuses is missed by its readers: that is what ticks are for.
      this.tick().catch(() => undefined);
    }, tickSeconds * 1000).unref();
  }

  /** Rejects when the log refused it; the next tick then counts for both. */
  async tick(): Promise<void> {
    const { run, recorder, tickSeconds, takeIdle, tellClock, beforeTick } = this.#options;
    beforeTick();
    const counts = recorder.takeCounts();
    const idle = takeIdle();
    const ordinal = this.#ticks++;
    const monotonic = run.elapsed();
    const told = tellClock();
    try {
      await this.#toEveryPartition('recorder.tick.v1', (partition) => ({
        run: run.id,
        ordinal,
        monotonic,
        ...told,
        tickSeconds,
        appended: counts[partition] ?? 0,
        idle: idle.get(partition) ?? [],
      }));
    } catch (error) {
      recorder.putBack(counts);
      throw error;
    }
  }

  /** The run's last records: a tick first, so that what came since the one before it is counted, too. */
  async stop(reason: string): Promise<void> {
    clearInterval(this.#timer);
    // Refused, it is missed: the number of ticks tells of it.
    await this.tick().catch(() => undefined);
    const { run } = this.#options;
    const payload = { run: run.id, reason, monotonic: run.elapsed(), ticks: this.#ticks };
    await this.#toEveryPartition('recorder.run-stopped.v1', () => payload);
  }

  async #toEveryPartition<Type extends OfARun>(
    type: Type,
    payload: (partition: number) => Payloads[Type],
  ): Promise<void> {
    const { run, clock, recorder } = this.#options;
    const ordinal = this.#ordinal++;
    const time = clock.wall();
    const written = this.#partitions.map((partition) => {
      const value = writePayload(type, payload(partition));
      const attributes = {
        id: runRecordId(run.id, partition, ordinal),
        source: run.id,
        type,
        tenant: DEFAULT_TENANT,
        time,
        witness: 'wire' as const,
      };
      return recorder.recorded({ key: NO_STATION_KEY, attributes, value, partition }, partition);
    });
    await Promise.all(written);
  }
}
