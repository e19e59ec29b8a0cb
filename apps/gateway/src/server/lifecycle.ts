import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Commands } from '../commands/commands.ts';
import type { Connections } from '../connection/connections.ts';
import { CLOSE } from '../connection/close-codes.ts';
import type { Handshakes } from '../handshake/handshakes.ts';
import type { UnnamedRefusals } from '../handshake/unnamed-refusals.ts';
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
  readonly unnamed: UnnamedRefusals;
  readonly commands: Commands;
  readonly pingSeconds: number;
  readonly graceMilliseconds: number;
};

/** Takes no new connection any more; those there are go on. */
export type StopListening = () => void;

/** The order of a run: told to the log before the first socket, and after the last. */
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: LifecycleParts;
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

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    const { run, runs, recorder, runRecords, connections, handshakes, commands, unnamed, graceMilliseconds } =
      this.#parts;
    this.stopListening();
    commands.drain();
    await handshakes.stop();
    await connections.close(CLOSE.goingAway, 'the recorder stops', graceMilliseconds);
    await commands.stop();
    unnamed.flush();
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
