import { WebSocketServer } from 'ws';
import type { Clock } from '../clock.ts';
import type { ConnectionParts } from '../connection/connection-parts.ts';
import { Connection } from '../connection/connection.ts';
import type { Connections } from '../connection/connections.ts';
import { frameWriter } from '../connection/record-order.ts';
import type { Allowance } from '../limits/allowance.ts';
import type { Counts } from '../operations/counts.ts';
import type { Recorder } from '../run/recorder.ts';
import type { Sealer } from '../sealer.ts';
import type { GatewaySettings } from '../settings.ts';
import { DEFLATE, SELECTED, takesDeflate } from './compression.ts';
import type { LegFacts } from './facts.ts';
import { acceptedRecord, recordedTogether } from './handshake-records.ts';
import { selectFor } from './selection.ts';
import { socketOptions } from './socket-options.ts';
import type { NamedUpgrade } from './upgrade.ts';

export type OpeningOptions = {
  readonly settings: GatewaySettings;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly sealer: Sealer;
  readonly connections: Connections;
  readonly counts: Counts;
  readonly onBug: (error: unknown) => void;
};

/** What a station that is accepted talks to. */
export type Far = {
  readonly selectedSubprotocol: string | undefined;
  readonly selectedExtensions?: string | undefined;
  /** Of the upstream's leg, where there is one. */
  readonly facts?: LegFacts;
  readonly join: (connection: Connection) => void;
};

/** Makes connections of the handshakes that are accepted. */
export class Opening {
  readonly #options: OpeningOptions;
  readonly #frames: Allowance | undefined;
  readonly #parts: ConnectionParts;
  readonly #server: WebSocketServer;

  /** @param frames what each station may send; undefined: any number */
  constructor(options: OpeningOptions, frames: Allowance | undefined) {
    const { settings, clock, recorder, sealer, connections, counts, onBug } = options;
    this.#options = options;
    this.#frames = frames;
    this.#parts = {
      clock,
      recorder,
      writeFrame: frameWriter(settings.record, recorder),
      sealer,
      counts,
      maxFrameBytes: settings.maxFrameBytes,
      maxBufferedBytes: settings.maxBufferedBytes,
      pingSeconds: settings.pingSeconds,
      pingsUnanswered: settings.pingsUnanswered,
      onBug,
      onEnded: (ended) => {
        connections.ended(ended);
      },
    };
    this.#server = new WebSocketServer({
      ...socketOptions(settings),
      perMessageDeflate: settings.compression ? DEFLATE : false,
      noServer: true,
      clientTracking: false,
    });
  }

  /** Each leg's record is durable before the station hears of it. @throws LogFull, LogFailed */
  async accept(upgrade: NamedUpgrade, far: Far): Promise<void> {
    const { connections, counts, settings } = this.#options;
    const { identity, facts } = upgrade;
    identity.protocol = far.selectedSubprotocol;
    const connection = new Connection(this.#parts, identity, this.#frames?.of(identity.key));
    const compressed = settings.compression && takesDeflate(facts.offeredExtensions);
    const written = this.#recorded(upgrade, far, compressed);
    far.join(connection);
    const durable = connections.opening(connection);
    try {
      await written;
      durable();
    } catch (error) {
      connection.discard();
      connections.ended(connection);
      throw error;
    }
    counts.connectionsOpened += 1;
    selectFor(upgrade.request, far.selectedSubprotocol, compressed);
    this.#upgrade(upgrade, connection);
  }

  #recorded({ identity, facts }: NamedUpgrade, far: Far, compressed: boolean): Promise<void> {
    const { recorder, sealer, connections } = this.#options;
    const common = { identity, sealer, selectedSubprotocol: far.selectedSubprotocol };
    const selectedExtensions = compressed ? SELECTED : undefined;
    const previousConnection = connections.previousOf(identity);
    const records = [acceptedRecord({ ...common, facts, selectedExtensions, previousConnection })];
    if (far.facts !== undefined) {
      records.push(
        acceptedRecord({ ...common, facts: far.facts, selectedExtensions: far.selectedExtensions }),
      );
    }
    return recordedTogether(recorder, identity.partition, records);
  }

  #upgrade({ request, socket, head }: NamedUpgrade, connection: Connection): void {
    // Called at once, or not at all when the socket has gone meanwhile.
    this.#server.handleUpgrade(request, socket, head, (station) => {
      connection.attach('station', station);
    });
    if (!connection.hasStation) {
      connection.stationLost();
      return;
    }
    socket.resume();
    const before = this.#options.connections.arrived(connection);
    if (this.#options.settings.secondSocket === 'newest') before?.replaced();
  }
}
