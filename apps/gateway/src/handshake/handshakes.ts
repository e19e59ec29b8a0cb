import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ANSWERED_PROTOCOLS, selectProtocol } from '@chargeproof/central-system';
import { DEFAULT_TENANT } from '@chargeproof/record';
import { WebSocketServer } from 'ws';
import type { CentralSystem } from '../central-system/central-system.ts';
import type { Clock } from '../clock.ts';
import { CANNOT_RECORD, CLOSE } from '../connection/close-codes.ts';
import { Connection } from '../connection/connection.ts';
import type { Connections } from '../connection/connections.ts';
import type { ConnectionIdentity } from '../connection/identity.ts';
import { frameWriter } from '../connection/record-order.ts';
import type { Recorder } from '../run/recorder.ts';
import type { Counts } from '../operations/counts.ts';
import type { SpoolView } from '../operations/spool-view.ts';
import type { Sealer } from '../sealer.ts';
import type { GatewaySettings } from '../settings.ts';
import { allowances, tooMany, type Allowances } from './allowances.ts';
import { answerRefusal } from './answer.ts';
import { DEFLATE, SELECTED, takesDeflate } from './compression.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import { stationFacts, type LegFacts } from './facts.ts';
import { acceptedRecord, recordedTogether } from './handshake-records.ts';
import { HeldUpstream, Holding } from './held-upstream.ts';
import { hearLeaving } from './leaving.ts';
import type { NamedRefusals } from './named-refusals.ts';
import { isRefusal, refusalOf, type Refusal } from './refusal.ts';
import { selectFor } from './selection.ts';
import { browserFault, upgradeFault } from './request-rules.ts';
import type { Routes } from './routes.ts';
import { readStationPath, type StationPath } from './station-path.ts';
import type { UnnamedRefusals } from './unnamed-refusals.ts';
import { socketOptions, upstreamUrl, type SocketLimits, type UpstreamRequest } from './upstream.ts';

/** A request to become a WebSocket, as Node's HTTP server hands it over. */
export type Upgrade = {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
};

export type HandshakesOptions = {
  readonly settings: GatewaySettings;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly sealer: Sealer;
  readonly connections: Connections;
  readonly counts: Counts;
  readonly unnamed: UnnamedRefusals;
  readonly named: NamedRefusals;
  /** Absent where the log takes everything itself. */
  readonly spool?: Pick<SpoolView, 'fill'>;
  readonly routes: Routes;
  readonly doorkeeper: Doorkeeper;
  readonly centralSystem: CentralSystem;
  readonly onBug: (error: unknown) => void;
};

/** What a station that is accepted talks to. */
type Far = {
  readonly selectedSubprotocol: string | undefined;
  readonly selectedExtensions?: string | undefined;
  /** Of the upstream's leg, where there is one. */
  readonly facts?: LegFacts;
  readonly join: (connection: Connection) => void;
};

/** How long a socket may take to answer our close frame before it is cut. */
const CLOSE_TIMEOUT_MILLISECONDS = 5000;
const STATION_LEFT: Refusal = { status: 499, reason: 'station-left' };
/** Near the limit of the spool, so that those who are connected can be recorded. */
const NO_ROOM: Refusal = { status: 503, reason: 'log-filling' };
const STOPPING: Refusal = { status: 503, reason: 'stopping' };
/** OCPP-J 1.6, 3.2 and the certification tests differ in how to refuse; an upgrade that ends at once would look like a fault. */
const NO_SUBPROTOCOL: Refusal = {
  status: 400,
  reason: 'no-subprotocol',
  detail: `only ${ANSWERED_PROTOCOLS.join(', ')} are answered here`,
};

/** Decides each handshake, with the upstream where there is one, and records it on each leg before it is answered. */
export class Handshakes {
  readonly #options: HandshakesOptions;
  readonly #tenants: ReadonlySet<string>;
  readonly #limits: SocketLimits;
  readonly #server: WebSocketServer;
  #stopping = false;
  /** The run's last record is about to be written: what comes now is answered and not recorded. */
  #over = false;
  readonly #underWay = new Set<Promise<void>>();
  readonly #waiting = new Set<HeldUpstream>();
  readonly #holding: Holding;
  readonly #allowed: Allowances;

  constructor(options: HandshakesOptions) {
    const { tenants, socketLimitBytes, compression } = options.settings;
    this.#options = options;
    this.#tenants = new Set([DEFAULT_TENANT, ...tenants]);
    this.#limits = { maxPayload: socketLimitBytes, closeTimeout: CLOSE_TIMEOUT_MILLISECONDS };
    this.#holding = new Holding(options.settings.upstreamHoldSeconds);
    this.#allowed = allowances(options.settings, options.clock);
    this.#server = new WebSocketServer({
      ...socketOptions(this.#limits),
      perMessageDeflate: compression ? DEFLATE : false,
      noServer: true,
      clientTracking: false,
    });
  }

  /** Never throws: what goes wrong is the station's refusal. */
  handle(upgrade: Upgrade): void {
    if (this.#over) {
      this.#turnAway(upgrade.socket, STOPPING);
      return;
    }
    const handled = this.#decide(upgrade)
      .catch((error: unknown) => {
        const refusal = refusalOf(error);
        if (refusal.reason === 'internal') this.#options.onBug(error);
        this.#turnAway(upgrade.socket, refusal);
      })
      .finally(() => {
        this.#underWay.delete(handled);
      });
    this.#underWay.add(handled);
  }

  /** Refuses every handshake from here on, those that wait for the upstream among them. Settles when no connection can open. */
  async refuse(): Promise<void> {
    this.#stopping = true;
    for (const handshake of this.#waiting) handshake.giveUp(STOPPING);
    await Promise.all(this.#underWay);
  }

  /** As {@link refuse}, and records none from then on. Settles when all are answered. */
  async stop(): Promise<void> {
    await this.refuse();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    this.#over = true;
  }

  async #decide(upgrade: Upgrade): Promise<void> {
    const { request, socket } = upgrade;
    const { settings, unnamed, connections } = this.#options;
    const facts = stationFacts(request);
    const path = readStationPath(request.url ?? '', this.#tenants);
    if (isRefusal(path)) {
      await unnamed.note(facts, path);
      this.#turnAway(socket, path);
      return;
    }
    const turnedBack = this.#turnedBack(facts.remoteAddress ?? '');
    if (turnedBack !== undefined) {
      await unnamed.note(facts, turnedBack);
      this.#turnAway(socket, turnedBack);
      return;
    }
    const identity = connections.identify(path.subject);
    const fault =
      upgradeFault(request) ??
      browserFault(request, settings.allowBrowserOrigins) ??
      (this.#stopping ? STOPPING : undefined);
    if (fault !== undefined) await this.#refuse(upgrade, identity, facts, fault);
    else await this.#admit(upgrade, identity, path, facts);
  }

  /** Whoever it is. */
  #turnedBack(address: string): Refusal | undefined {
    const { spool } = this.#options;
    return spool !== undefined && spool.fill !== 'room'
      ? NO_ROOM
      : tooMany(this.#allowed.handshakesOfAddress?.of(address));
  }

  /** The station is who it says, or nobody asks: it is led to who answers it. */
  async #admit(
    upgrade: Upgrade,
    identity: ConnectionIdentity,
    path: StationPath,
    facts: LegFacts,
  ): Promise<void> {
    const { doorkeeper, routes, unnamed } = this.#options;
    const stranger = await doorkeeper.check(path, upgrade.request);
    if (stranger?.anybody === true) {
      await unnamed.note(facts, stranger.refusal);
      this.#turnAway(upgrade.socket, stranger.refusal);
      return;
    }
    // Only now: who is not the station does not use up what it may.
    const refusal =
      stranger?.refusal ??
      (this.#stopping ? STOPPING : undefined) ??
      tooMany(this.#allowed.handshakes?.of(identity.key));
    const upstream = routes.upstreamOf(path.subject);
    if (refusal !== undefined) await this.#refuse(upgrade, identity, facts, refusal);
    else if (upstream === undefined) await this.#answer(upgrade, identity, facts);
    else {
      const url = upstreamUrl(upstream.template, path);
      await this.#relay(upgrade, identity, { url, access: upstream.access.value }, facts);
    }
  }

  async #answer(upgrade: Upgrade, identity: ConnectionIdentity, facts: LegFacts): Promise<void> {
    const protocol = selectProtocol(facts.offeredSubprotocols);
    if (protocol === undefined) {
      await this.#refuse(upgrade, identity, facts, NO_SUBPROTOCOL);
      return;
    }
    const { centralSystem, onBug } = this.#options;
    await this.#accept(upgrade, identity, facts, {
      selectedSubprotocol: protocol,
      join: (connection) => {
        const end = centralSystem.endOf({
          identity,
          protocol,
          events: connection,
          onWithheld: () => {
            connection.endFromHere(CLOSE.tryAgainLater, CANNOT_RECORD);
          },
          onBug,
        });
        connection.join(end);
      },
    });
  }

  async #relay(
    upgrade: Upgrade,
    identity: ConnectionIdentity,
    upstream: Pick<UpstreamRequest, 'url' | 'access'>,
    facts: LegFacts,
  ): Promise<void> {
    const { upstreamTimeoutSeconds, compression } = this.#options.settings;
    const request = {
      ...upstream,
      station: upgrade.request,
      timeoutMilliseconds: upstreamTimeoutSeconds * 1000,
      limits: this.#limits,
      compression,
    };
    const handshake = new HeldUpstream(request, this.#holding);
    const stopHearing = hearLeaving(upgrade.socket, () => {
      handshake.giveUp(STATION_LEFT);
    });
    this.#waiting.add(handshake);
    const answer = await handshake.answer;
    this.#waiting.delete(handshake);
    stopHearing();
    if ('refusal' in answer) await this.#refuse(upgrade, identity, facts, answer.refusal, answer.facts);
    else {
      await this.#accept(upgrade, identity, facts, {
        ...answer,
        join: (connection) => {
          connection.attach('upstream', answer.socket);
        },
      });
    }
  }

  /** Each leg's record is durable before the station hears of it. */
  async #accept(upgrade: Upgrade, identity: ConnectionIdentity, facts: LegFacts, far: Far): Promise<void> {
    const { clock, recorder, sealer, connections, counts, settings, onBug } = this.#options;
    const { selectedSubprotocol } = far;
    identity.protocol = selectedSubprotocol;
    const connection = new Connection({
      identity,
      clock,
      recorder,
      writeFrame: frameWriter(settings.record, recorder),
      sealer,
      counts,
      maxFrameBytes: settings.maxFrameBytes,
      maxBufferedBytes: settings.maxBufferedBytes,
      pingsUnanswered: settings.pingsUnanswered,
      allowed: this.#allowed.frames?.of(identity.key),
      onBug,
      onEnded: (ended) => {
        connections.ended(ended);
      },
    });
    const previousConnection = connections.previousOf(identity);
    const compressed = settings.compression && takesDeflate(facts.offeredExtensions);
    const selectedExtensions = compressed ? SELECTED : undefined;
    const common = { identity, sealer, selectedSubprotocol };
    const records = [acceptedRecord({ ...common, facts, selectedExtensions, previousConnection })];
    if (far.facts !== undefined) {
      records.push(
        acceptedRecord({ ...common, facts: far.facts, selectedExtensions: far.selectedExtensions }),
      );
    }
    const written = recordedTogether(recorder, identity.partition, records);
    far.join(connection);
    connections.opened(connection);
    try {
      await written;
    } catch (error) {
      connection.discard();
      connections.ended(connection);
      throw error;
    }
    counts.connectionsOpened += 1;
    selectFor(upgrade.request, selectedSubprotocol, compressed);
    this.#upgrade(upgrade, connection);
  }

  #upgrade({ request, socket, head }: Upgrade, connection: Connection): void {
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

  async #refuse(
    upgrade: Upgrade,
    identity: ConnectionIdentity,
    facts: LegFacts,
    refusal: Refusal,
    upstreamFacts?: LegFacts,
  ): Promise<void> {
    await this.#options.named.note({ identity, facts, refusal, upstreamFacts });
    this.#turnAway(upgrade.socket, refusal);
  }

  #turnAway(socket: Duplex, refusal: Refusal): void {
    this.#options.counts.handshakesRefused.add(refusal.reason);
    answerRefusal(socket, refusal);
  }
}
