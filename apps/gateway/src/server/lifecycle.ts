import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { LogReader } from '@chargeproof/log';
import type { Connections } from '../connection/connections.ts';
import { CLOSE } from '../connection/close-codes.ts';
import type { Handshakes } from '../handshake/handshakes.ts';
import type { UnnamedRefusals } from '../handshake/unnamed-refusals.ts';
import { previousRun } from '../run/previous-run.ts';
import type { Recorder } from '../run/recorder.ts';
import type { RunRecords } from '../run/run-records.ts';

export type LifecycleParts = {
  readonly log: LogReader;
  readonly recorder: Recorder;
  readonly runRecords: RunRecords;
  readonly connections: Connections;
  readonly handshakes: Handshakes;
  readonly unnamed: UnnamedRefusals;
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
    const { log, runRecords, connections, pingSeconds } = this.#parts;
    await runRecords.start(await previousRun(log));
    connections.startPings(pingSeconds);
  }

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    const { recorder, runRecords, connections, handshakes, unnamed, graceMilliseconds } = this.#parts;
    this.stopListening();
    await handshakes.stop();
    await connections.close(CLOSE.goingAway, 'the recorder stops', graceMilliseconds);
    unnamed.flush();
    await recorder.drained();
    // A log that failed takes no last word; its readers see that the run did not end cleanly.
    await runRecords.stop(signal ?? this.reason).catch(() => undefined);
  }
}
