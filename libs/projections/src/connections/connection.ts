import type { Fact } from '@chargeproof/projection';
import type { ConnectionId, Micros, RecordId, RunId } from '@chargeproof/record';
import type { Columns } from '@chargeproof/tables';

export const key = { connection: 'String' } as const satisfies Columns;
export const values = {
  /** `open`; `closed` on the wire; `lost` with the run that held it; `refused` before it was one. */
  state: 'LowCardinality(String)',
  opened: "DateTime64(6, 'UTC')",
  /** Null while open, and of a lost one for good: nobody saw it end. */
  closed: "Nullable(DateTime64(6, 'UTC'))",
  /** WebSocket close code; of a refusal the HTTP status. */
  code: 'Nullable(UInt32)',
  /** The reason on the wire; of a loss `run-stopped`, `run-ended` or `run-died`. */
  why: 'Nullable(String)',
  /** Who ended it: `station`, `csms`, `gateway`. */
  by: 'LowCardinality(String)',
  subprotocol: 'Nullable(String)',
  run: 'String',
  /** The connection of this station that opened before it, of whatever gateway. */
  previous: 'Nullable(String)',
  /** The one before it that its own run knew when it opened; null: none. */
  previous_of_run: 'Nullable(String)',
  /** Its leg to the CSMS: `none`, `accepted`, `refused`. */
  upstream: 'LowCardinality(String)',
  remote_address: 'Nullable(String)',
  /** How many refusals this one stands for, where a flood was counted in one record; null on what was no refusal. */
  refusals: 'Nullable(UInt32)',
  /** Counted when it ends; null while it is open. */
  frames_from_station: 'Nullable(UInt32)',
  frames_to_station: 'Nullable(UInt32)',
  relay_failures: 'Nullable(UInt32)',
  gaps: 'Nullable(UInt32)',
  /** The last record or tick that told of it, given when it is silent or has ended. */
  last_heard: "Nullable(DateTime64(6, 'UTC'))",
  /** Its last frame, while it is open and silent. */
  silent_since: "Nullable(DateTime64(6, 'UTC'))",
  opened_record: 'Nullable(String)',
  ended_record: 'Nullable(String)',
} as const satisfies Columns;

/** What stays as it is while frames pass. */
export type About = {
  /** Whether a fact has told of it: it is, once its station's handshake or a frame was seen. */
  readonly announced: boolean;
  readonly run: RunId;
  readonly opened: Micros;
  readonly subprotocol: string | null;
  readonly previous: ConnectionId | null;
  readonly previousOfRun: ConnectionId | null;
  readonly upstream: 'none' | 'accepted' | 'refused';
  readonly remoteAddress: string | null;
  readonly openedRecord: RecordId | null;
};

export type Connection = {
  readonly about: About;
  readonly fromStation: number;
  readonly toStation: number;
  readonly relayFailures: number;
  readonly gaps: number;
  readonly lastFrame: Micros;
  readonly heard: Micros;
  readonly silent: boolean;
};

export type State = {
  readonly open: Readonly<Record<ConnectionId, Connection>>;
  readonly ended: readonly ConnectionId[];
  /** The connection that opened last. */
  readonly newest: ConnectionId | null;
};

/** What became of it and when; without a `state` it is open. */
type Now = {
  readonly time: Micros;
  readonly state?: string;
  readonly code?: number;
  readonly why?: string;
  readonly by?: string;
  readonly closed?: Micros;
  readonly refusals?: number;
  readonly endedRecord?: RecordId;
};

export function said(id: ConnectionId, connection: Connection, now: Now): Fact {
  const { about, silent } = connection;
  const over = now.state !== undefined;
  const counted = (count: number) => (over ? count : null);
  return {
    key: { connection: id },
    time: now.time,
    values: {
      state: now.state ?? 'open',
      opened: about.opened,
      closed: now.closed ?? null,
      code: now.code ?? null,
      why: now.why ?? null,
      by: now.by ?? '',
      subprotocol: about.subprotocol,
      run: about.run,
      previous: about.previous,
      previous_of_run: about.previousOfRun,
      upstream: about.upstream,
      remote_address: about.remoteAddress,
      refusals: now.refusals ?? null,
      frames_from_station: counted(connection.fromStation),
      frames_to_station: counted(connection.toStation),
      relay_failures: counted(connection.relayFailures),
      gaps: counted(connection.gaps),
      last_heard: over || silent ? connection.heard : null,
      silent_since: silent ? connection.lastFrame : null,
      opened_record: about.openedRecord,
      ended_record: now.endedRecord ?? null,
    },
  };
}
