import { setTimeout as pause } from 'node:timers/promises';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Commands } from '../commands/commands.ts';
import type { Connections } from '../connection/connections.ts';
import { CLOSE } from '../connection/close-codes.ts';
import { takeLeave } from '../connection/departure.ts';
import type { Handshakes } from '../handshake/handshakes.ts';
import type { Recorder } from '../run/recorder.ts';
import type { Run } from '../run/run.ts';
import type { RunHistory } from '../run/run-history.ts';
import type { RunRecords } from '../run/run-records.ts';

export type LifecycleParts = {
  readonly run: Run;
  readonly runs: RunHistory;
  readonly recorder: Recorder;
  readonly runRecords: RunRecords;
  readonly connections: Connections;
  readonly handshakes: Handshakes;
  /** Refusals that are only counted so far. */
  readonly refusals: { flush(): void };
  readonly commands: Commands;
  readonly pingSeconds: number;
  readonly drainSeconds: number;
  readonly graceMilliseconds: number;
};

const GOODBYE = { code: CLOSE.goingAway, reason: 'the recorder stops' };

/** Takes no new connection any more; those there are go on. */
export type StopListening = () => void;

/** The order of a run: told to the log before the first socket, and after the last. */
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: LifecycleParts;
  readonly #hurry = new AbortController();
  /** What the run's last record says. */
  reason = 'stopped';
  /** Given once there is a server. */
  stopListening: StopListening = () => undefined;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { run, runs, runRecords, connections, commands, pingSeconds } = this.#parts;
    const previous = await runs.previous();
    await runRecords.start(previous);
    runs.begun(run.id);
    commands.start(previous?.run);
    connections.startPings(pingSeconds);
  }

  /**
   * Before a stop, where other gateways may take the stations: takes no new ones, which are refused by records while
   * the port stays open, so that balancers hear it; those there are go one after the other, as {@link takeLeave} has
   * it. Settles when all have gone, the time is over, or somebody is in a {@link hurry}.
   */
  async drain(): Promise<void> {
    const { connections, handshakes, commands, drainSeconds } = this.#parts;
    const { signal } = this.#hurry;
    const milliseconds = drainSeconds * 1000;
    const over = pause(milliseconds, undefined, { signal });
    commands.drain();
    const gone = handshakes.refuse().then(async () => {
      await takeLeave(connections.all, GOODBYE, { milliseconds, signal });
      await connections.empty();
    });
    await Promise.race([over, gone]).catch(() => undefined);
    // The timer of the other one would keep a process.
    this.hurry();
  }

  /** Who drains goes on to the stop. */
  hurry(): void {
    this.#hurry.abort();
  }

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    const {
      run,
      runs,
      recorder,
      runRecords,
      connections,
      handshakes,
      commands,
      refusals,
      graceMilliseconds,
    } = this.#parts;
    this.stopListening();
    commands.drain();
    await handshakes.stop();
    await connections.close(GOODBYE.code, GOODBYE.reason, graceMilliseconds);
    await commands.stop();
    refusals.flush();
    await recorder.drained();
    // A log that failed takes no last word; its readers see that the run did not end cleanly.
    await runRecords
      .stop(signal ?? this.reason)
      .then(() => {
        runs.ended(run.id);
      })
      .catch(() => undefined);
  }
}
