import type { Connections } from '../connection/connections.ts';
import type { Recorder } from '../run/recorder.ts';
import { NOBODY } from '../run/recorder.ts';
import type { Sealer } from '../sealer.ts';
import type { LegFacts } from './facts.ts';
import { refusedRecord } from './handshake-records.ts';
import type { Refusal } from './refusal.ts';

type Counted = { more: number; last: { readonly facts: LegFacts; readonly refusal: Refusal } };

/**
 * Refusals that name no station of ours. The first of each reason since the last tick is a record of its own; of the
 * rest one record tells how many they were, so that a flood of them cannot fill the log.
 */
export class UnnamedRefusals {
  readonly #connections: Connections;
  readonly #recorder: Recorder;
  readonly #sealer: Sealer;
  readonly #since = new Map<string, Counted>();

  constructor(connections: Connections, recorder: Recorder, sealer: Sealer) {
    this.#connections = connections;
    this.#recorder = recorder;
    this.#sealer = sealer;
  }

  /** Resolves when it may be answered: at once for one that is only counted. @throws LogFull, LogFailed */
  async note(facts: LegFacts, refusal: Refusal): Promise<void> {
    const counted = this.#since.get(refusal.reason);
    if (counted !== undefined) {
      counted.more += 1;
      counted.last = { facts, refusal };
      return;
    }
    this.#since.set(refusal.reason, { more: 0, last: { facts, refusal } });
    const { request, partition } = this.#record(facts, refusal, 1);
    await this.#recorder.recorded(request, partition);
  }

  /** Writes the counts. Called before each tick and before the run's last record. */
  readonly flush = (): void => {
    for (const { more, last } of this.#since.values()) {
      if (more === 0) continue;
      const { request, partition } = this.#record(last.facts, last.refusal, more);
      this.#recorder.write(request, partition, NOBODY);
    }
    this.#since.clear();
  };

  #record(facts: LegFacts, refusal: Refusal, count: number) {
    const identity = this.#connections.identify(undefined);
    const request = refusedRecord({
      identity,
      sealer: this.#sealer,
      facts,
      refusal,
      previousConnection: null,
      ...(count > 1 && { count }),
    });
    return { request, partition: identity.partition };
  }
}
