import type { AppendRequest } from '@chargeproof/log';
import type { ConnectionIdentity } from '../connection/identity.ts';
import type { Connections } from '../connection/connections.ts';
import { bytesIn } from '../limits/bytes-in.ts';
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
/** So much is kept of them meanwhile: a request of 16 KiB can take ten times that. */
const MOST_BYTES = 16 * 1024 * 1024;

export type Refused = {
  readonly identity: ConnectionIdentity;
  readonly refusal: Refusal;
  readonly facts: LegFacts;
  /** Of the upstream's leg, where it was asked. */
  readonly upstreamFacts?: LegFacts | undefined;
};

type Counted = {
  readonly all: number;
  /** Of those that are no record of their own. */
  readonly last: Refused | undefined;
  readonly bytes: number;
};
const NONE: Counted = { all: 0, last: undefined, bytes: 0 };

/** What of it may be of any length. */
const said = ({ facts, upstreamFacts, refusal }: Refused) => [facts, upstreamFacts, refusal];

/** Refusals of stations by name. The first are records of their own; the rest is counted in one, so that none floods the log. */
export class NamedRefusals {
  readonly #connections: Connections;
  readonly #recorder: Recorder;
  readonly #sealer: Sealer;
  readonly #unnamed: UnnamedRefusals;
  readonly #since = new Map<string, Counted>();
  #bytes = 0;

  constructor(connections: Connections, recorder: Recorder, sealer: Sealer, unnamed: UnnamedRefusals) {
    this.#connections = connections;
    this.#recorder = recorder;
    this.#sealer = sealer;
    this.#unnamed = unnamed;
  }

  /** Resolves when it may be answered: at once for one that is only counted. @throws LogFull, LogFailed */
  async note(refused: Refused): Promise<void> {
    const { identity, refusal, facts } = refused;
    const all = this.#count(`${refusal.reason} ${identity.key}`, refused);
    if (all === undefined) await this.#unnamed.note(facts, refusal);
    else if (all <= ONE_BY_ONE) {
      await recordedTogether(this.#recorder, identity.partition, this.#records(refused));
    }
  }

  /** Writes the counts, and those that name no station. Called before each tick and before the run's last record. */
  readonly flush = (): void => {
    for (const { all, last } of this.#since.values()) {
      if (last === undefined) continue;
      const identity = this.#connections.identify(last.identity.subject);
      const records = this.#records({ ...last, identity }, all - ONE_BY_ONE);
      recordedTogether(this.#recorder, identity.partition, records).catch(() => undefined);
    }
    this.#since.clear();
    this.#bytes = 0;
    this.#unnamed.flush();
  };

  /** @returns how many they are with this one; undefined where there is no room to count it by name */
  #count(name: string, refused: Refused): number | undefined {
    const before = this.#since.get(name) ?? NONE;
    if (before === NONE && this.#since.size >= MOST_COUNTED) return undefined;
    const all = before.all + 1;
    const last = all > ONE_BY_ONE ? refused : undefined;
    const after = { all, last, bytes: bytesIn([name, last && said(last)]) };
    const hasRoom = this.#bytes - before.bytes + after.bytes <= MOST_BYTES;
    if (!hasRoom && before.last === undefined) return undefined;
    const counted = hasRoom ? after : { ...before, all };
    this.#bytes += counted.bytes - before.bytes;
    this.#since.set(name, counted);
    return all;
  }

  #records({ identity, facts, refusal, upstreamFacts }: Refused, count?: number): AppendRequest[] {
    const common = { identity, sealer: this.#sealer, refusal, ...(count !== undefined && { count }) };
    const previousConnection = this.#connections.previousOf(identity);
    const records = [refusedRecord({ ...common, facts, previousConnection })];
    if (upstreamFacts !== undefined) records.push(refusedRecord({ ...common, facts: upstreamFacts }));
    return records;
  }
}
