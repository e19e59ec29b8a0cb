import type { AppendRequest } from '@chargeproof/log';
import type { ConnectionIdentity } from '../connection/identity.ts';
import type { Connections } from '../connection/connections.ts';
import type { Recorder } from '../run/recorder.ts';
import type { Sealer } from '../sealer.ts';
import type { LegFacts } from './facts.ts';
import { recordedTogether, refusedRecord } from './handshake-records.ts';
import type { Refusal } from './refusal.ts';
import type { UnnamedRefusals } from './unnamed-refusals.ts';

/** So many refusals of one station for one reason between two ticks are a record each: their times show a back-off. */
const ONE_BY_ONE = 10;
/** So many stations and reasons are counted between two ticks; anybody can make up names. */
const MOST_COUNTED = 10_000;

export type Refused = {
  readonly identity: ConnectionIdentity;
  readonly refusal: Refusal;
  readonly facts: LegFacts;
  /** Of the upstream's leg, where it was asked. */
  readonly upstreamFacts?: LegFacts | undefined;
};

type Counted = { all: number; last: Refused };

/** Refusals of stations by name. The first are records of their own; the rest is counted in one, so that none floods the log. */
export class NamedRefusals {
  readonly #connections: Connections;
  readonly #recorder: Recorder;
  readonly #sealer: Sealer;
  readonly #unnamed: UnnamedRefusals;
  readonly #since = new Map<string, Counted>();

  constructor(connections: Connections, recorder: Recorder, sealer: Sealer, unnamed: UnnamedRefusals) {
    this.#connections = connections;
    this.#recorder = recorder;
    this.#sealer = sealer;
    this.#unnamed = unnamed;
  }

  /** Resolves when it may be answered: at once for one that is only counted. @throws LogFull, LogFailed */
  async note(refused: Refused): Promise<void> {
    const { identity, refusal, facts } = refused;
    const name = `${refusal.reason} ${identity.key}`;
    const counted = this.#since.get(name);
    if (counted === undefined && this.#since.size >= MOST_COUNTED) {
      await this.#unnamed.note(facts, refusal);
      return;
    }
    const all = (counted?.all ?? 0) + 1;
    this.#since.set(name, { all, last: refused });
    if (all <= ONE_BY_ONE) {
      await recordedTogether(this.#recorder, identity.partition, this.#records(refused));
    }
  }

  /** Writes the counts, and those that name no station. Called before each tick and before the run's last record. */
  readonly flush = (): void => {
    for (const { all, last } of this.#since.values()) {
      const count = all - ONE_BY_ONE;
      if (count <= 0) continue;
      const identity = this.#connections.identify(last.identity.subject);
      const records = this.#records({ ...last, identity }, count);
      recordedTogether(this.#recorder, identity.partition, records).catch(() => undefined);
    }
    this.#since.clear();
    this.#unnamed.flush();
  };

  #records({ identity, facts, refusal, upstreamFacts }: Refused, count?: number): AppendRequest[] {
    const common = { identity, sealer: this.#sealer, refusal, ...(count !== undefined && { count }) };
    const previousConnection = this.#connections.previousOf(identity);
    const records = [refusedRecord({ ...common, facts, previousConnection })];
    if (upstreamFacts !== undefined) records.push(refusedRecord({ ...common, facts: upstreamFacts }));
    return records;
  }
}
