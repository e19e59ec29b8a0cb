import type { Duplex } from 'node:stream';
import { ANSWERED_PROTOCOLS, selectProtocol } from '@chargeproof/central-system';
import { DEFAULT_TENANT } from '@chargeproof/record';
import type { CentralSystem } from '../central-system/central-system.ts';
import type { SpoolView } from '../operations/spool-view.ts';
import { allowances, tooMany, type Allowances } from './allowances.ts';
import { answerRefusal } from './answer.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import { stationFacts, type LegFacts } from './facts.ts';
import { HeldUpstream, Holding } from './held-upstream.ts';
import { hearLeaving } from './leaving.ts';
import type { NamedRefusals } from './named-refusals.ts';
import { Opening, type OpeningOptions } from './opening.ts';
import { isRefusal, refusalOf, type Refusal } from './refusal.ts';
import { browserFault, upgradeFault } from './request-rules.ts';
import type { Routes } from './routes.ts';
import { readStationPath, type StationPath } from './station-path.ts';
import { TrustedProxies } from './trusted-proxies.ts';
import type { UnnamedRefusals } from './unnamed-refusals.ts';
import type { NamedUpgrade, Upgrade } from './upgrade.ts';
import { upstreamUrl, type UpstreamRequest } from './upstream.ts';

export type HandshakesOptions = OpeningOptions & {
  readonly unnamed: UnnamedRefusals;
  readonly named: NamedRefusals;
  /** Absent where the log takes everything itself. */
  readonly spool?: Pick<SpoolView, 'fill'>;
  readonly routes: Routes;
  readonly doorkeeper: Doorkeeper;
  readonly centralSystem: CentralSystem;
};

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

/** Decides each handshake, with the upstream where there is one. Whoever is refused is so on the record, too. */
export class Handshakes {
  readonly #options: HandshakesOptions;
  readonly #tenants: ReadonlySet<string>;
  readonly #proxies: TrustedProxies;
  readonly #opening: Opening;
  #stopping = false;
  /** The run's last record is about to be written: what comes now is answered and not recorded. */
  #over = false;
  readonly #underWay = new Set<Promise<void>>();
  readonly #waiting = new Set<HeldUpstream>();
  readonly #holding: Holding;
  readonly #allowed: Allowances;

  constructor(options: HandshakesOptions) {
    this.#options = options;
    this.#tenants = new Set([DEFAULT_TENANT, ...options.settings.tenants]);
    this.#proxies = new TrustedProxies(options.settings.trustedProxies);
    this.#holding = new Holding(options.settings.upstreamHoldSeconds);
    this.#allowed = allowances(options.settings, options.clock);
    this.#opening = new Opening(options, this.#allowed.frames);
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
    const { settings, connections } = this.#options;
    const facts = stationFacts(request, this.#proxies);
    const path = readStationPath(request.url ?? '', this.#tenants);
    if (isRefusal(path)) {
      await this.#refuseUnnamed(socket, facts, path);
      return;
    }
    const turnedBack = this.#turnedBack(facts.remoteAddress ?? '');
    if (turnedBack !== undefined) {
      await this.#refuseUnnamed(socket, facts, turnedBack);
      return;
    }
    const named = { ...upgrade, identity: connections.identify(path.subject), facts };
    const fault =
      upgradeFault(request) ??
      browserFault(request, settings.allowBrowserOrigins) ??
      (this.#stopping ? STOPPING : undefined);
    if (fault !== undefined) await this.#refuse(named, fault);
    else await this.#admit(named, path);
  }

  /** Whoever it is. */
  #turnedBack(address: string): Refusal | undefined {
    const { spool } = this.#options;
    return spool !== undefined && spool.fill !== 'room'
      ? NO_ROOM
      : tooMany(this.#allowed.handshakesOfAddress?.of(address));
  }

  /** The station is who it says, or nobody asks: it is led to who answers it. */
  async #admit(upgrade: NamedUpgrade, path: StationPath): Promise<void> {
    const { doorkeeper, routes } = this.#options;
    const stranger = await doorkeeper.check(path, upgrade.request);
    if (stranger?.anybody === true) {
      await this.#refuseUnnamed(upgrade.socket, upgrade.facts, stranger.refusal);
      return;
    }
    // Only now: who is not the station does not use up what it may.
    const refusal =
      stranger?.refusal ??
      (this.#stopping ? STOPPING : undefined) ??
      tooMany(this.#allowed.handshakes?.of(upgrade.identity.key));
    const upstream = routes.upstreamOf(path.subject);
    if (refusal !== undefined) await this.#refuse(upgrade, refusal);
    else if (upstream === undefined) await this.#answer(upgrade);
    else {
      const url = upstreamUrl(upstream.template, path);
      await this.#relay(upgrade, { url, access: upstream.access.value });
    }
  }

  async #answer(upgrade: NamedUpgrade): Promise<void> {
    const protocol = selectProtocol(upgrade.facts.offeredSubprotocols);
    if (protocol === undefined) {
      await this.#refuse(upgrade, NO_SUBPROTOCOL);
      return;
    }
    const { centralSystem, onBug } = this.#options;
    await this.#opening.accept(upgrade, {
      selectedSubprotocol: protocol,
      join: (connection) => {
        const end = centralSystem.endOf({
          identity: connection.identity,
          protocol,
          events: connection,
          ask: (heard) => {
            connection.ask(heard);
          },
          onWithheld: () => {
            connection.cannotRecord();
          },
          onBug,
        });
        connection.join(end);
      },
    });
  }

  async #relay(upgrade: NamedUpgrade, upstream: Pick<UpstreamRequest, 'url' | 'access'>): Promise<void> {
    const { settings } = this.#options;
    const handshake = new HeldUpstream({ ...upstream, station: upgrade.request, settings }, this.#holding);
    const stopHearing = hearLeaving(upgrade.socket, () => {
      handshake.giveUp(STATION_LEFT);
    });
    this.#waiting.add(handshake);
    const answer = await handshake.answer;
    this.#waiting.delete(handshake);
    stopHearing();
    if ('refusal' in answer) await this.#refuse(upgrade, answer.refusal, answer.facts);
    else {
      await this.#opening.accept(upgrade, {
        ...answer,
        join: (connection) => {
          connection.attach('upstream', answer.socket);
        },
      });
    }
  }

  async #refuse(
    { socket, identity, facts }: NamedUpgrade,
    refusal: Refusal,
    upstreamFacts?: LegFacts,
  ): Promise<void> {
    await this.#options.named.note({ identity, facts, refusal, upstreamFacts });
    this.#turnAway(socket, refusal);
  }

  async #refuseUnnamed(socket: Duplex, facts: LegFacts, refusal: Refusal): Promise<void> {
    await this.#options.unnamed.note(facts, refusal);
    this.#turnAway(socket, refusal);
  }

  #turnAway(socket: Duplex, refusal: Refusal): void {
    this.#options.counts.handshakesRefused.add(refusal.reason);
    answerRefusal(socket, refusal);
  }
}
