import { StationConfiguration } from '../device/configuration.ts';
import { type StationProfile, wholeStation } from '../device/plain-station.ts';
import type { StationDevice } from '../device/profile.ts';
import type { Ledger } from '../ledger.ts';
import { messageIds } from '../message-ids.ts';
import { Meter } from '../meter.ts';
import { type Answer, CallFailed, type Handler, type Payload } from '../peer.ts';
import type { Random } from '../random.ts';
import { answerTo } from './commands.ts';
import { Connector, type Status } from './connector.ts';
import { FaultPlan } from './fault-plan.ts';
import { Link, type StationAccess } from './link.ts';
import { bootPayload, type Context, timestamp } from './messages.ts';
import { Outbox } from './outbox.ts';
import { isAccepted, type StopReason, Transactions } from './transactions.ts';

export type StationOptions = {
  readonly profile: StationProfile;
  /** Base URL; the identity is appended, percent-encoded. */
  readonly url: string;
  /** Absent: it shows nothing. */
  readonly access?: StationAccess;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Wall clock in milliseconds. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** What a second of its configuration and of its boot lasts here, in seconds. 1 where absent. */
  readonly scale?: number;
};

/** The version of its local list, connectors by reservation id, charging profiles by their id. */
export type Memory = {
  listVersion: number;
  readonly reservations: Map<number, number>;
  readonly chargingProfiles: Map<number, Payload>;
};

/** What is left of a frame whose beginning was lost: nobody can tell that it was a CALL, or answer it. */
const CUT_FRAME = '"Heartbeat",{}]';

/** The longest it goes without looking at what it was told to do, in milliseconds. */
const ATTENTION = 250;

/**
 * An OCPP 1.6 station that behaves by its profile. Its time is what {@link SimulatedStation.pass} gives it:
 * meters run, samples and heartbeats fall due, and commands are carried out, in an order that chance and the
 * machine's speed do not change. The same seed and calls give the same frames.
 */
export class SimulatedStation {
  readonly device: StationDevice;
  readonly configuration: StationConfiguration;
  readonly connectors: readonly Connector[];
  readonly faults: FaultPlan;
  /** What commands left behind. */
  readonly memory: Memory = { listVersion: 0, reservations: new Map(), chargingProfiles: new Map() };
  readonly #options: StationOptions;
  readonly #link: Link;
  readonly #outbox: Outbox;
  readonly #transactions: Transactions;
  readonly #responses: Random;
  readonly #duties: (() => Promise<unknown>)[] = [];
  #nextMessageId: () => string;
  #untilHeartbeat = Infinity;

  constructor(options: StationOptions) {
    const { access, ledger, now, random, url } = options;
    this.#options = options;
    this.device = wholeStation(options.profile);
    this.configuration = new StationConfiguration(this.device);
    // Connector 0 is the station itself: it has a status and no car.
    this.connectors = Array.from(
      { length: this.device.connectors + 1 },
      (_, id) => new Connector(id, new Meter(id === 0 ? 0 : random.between(0, 900_000))),
    );
    this.#responses = random.fork('responses');
    this.#nextMessageId = messageIds(this.device.habits.messageIds, random.fork('ids'));
    const { identity } = this;
    this.faults = new FaultPlan((fault) => ledger.faults.push({ station: identity, fault, at: now() }));
    const handler: Handler = (...asked) => this.#answer(...asked);
    this.#link = new Link({ identity, url, access, ledger, now, handler });
    this.#outbox = new Outbox({
      send: (action, payload) =>
        this.#link.isUp ? this.#link.call(action, this.faults.altered(action, payload)) : undefined,
      retries: () => ({
        attempts: this.configuration.number('TransactionMessageAttempts'),
        interval: this.#scaled(this.configuration.number('TransactionMessageRetryInterval') * 1000),
      }),
    });
    this.#transactions = new Transactions({
      ...options,
      device: this.device,
      configuration: this.configuration,
      outbox: this.#outbox,
      second: this.#scaled(1000),
      become: (connector, status) => this.become(connector.id, status),
      later: (duty) => this.#duties.push(duty),
    });
  }

  get identity(): string {
    return this.device.identity;
  }

  get isConnected(): boolean {
    return this.#link.isUp;
  }

  get timestamp(): string {
    return timestamp(this.#options.now(), this.device);
  }

  /** @throws RangeError where it has no such connector */
  connector(id: number): Connector {
    const connector = this.connectors[id];
    if (connector === undefined) throw new RangeError(`${this.identity} has no connector ${id}`);
    return connector;
  }

  /** Opens the socket and boots. @throws Error where the handshake is refused */
  async connect(): Promise<void> {
    // A counter starts again at each boot.
    if (this.device.habits.messageIds === 'counter')
      this.#nextMessageId = messageIds('counter', this.#options.random);
    await this.#link.open(() => this.#nextMessageId());
    await this.#boot();
    await this.#report(this.connectors);
    await this.#outbox.drain();
  }

  /** Opens the socket again after the line broke: nothing was lost here, so there is no boot (OCPP-J 1.6, 5.4). */
  async reconnect(): Promise<void> {
    await this.#link.open(() => this.#nextMessageId());
    const changed = this.connectors.filter(({ status, told }) => status !== told);
    await this.#report(this.device.habits.afterReconnect === 'every-status' ? this.connectors : changed);
    await this.#outbox.drain();
  }

  /** The line breaks; whatever goes on at the station goes on. */
  loseLink(): Promise<void> {
    return this.#link.close('dropped');
  }

  /** Closes the socket as a station that goes down in order. */
  disconnect(): Promise<void> {
    return this.#link.close('in-order');
  }

  /** Stops what runs, goes down, and boots. */
  async reboot(reason: 'SoftReset' | 'HardReset'): Promise<void> {
    for (const { id, charging } of this.connectors) if (charging !== undefined) await this.stop(id, reason);
    await this.disconnect();
    await this.#options.pause(this.#scaled(this.device.timing.boot));
    await this.connect();
  }

  /** Time goes by: energy flows, and what falls due is done. */
  async pass(milliseconds: number): Promise<void> {
    await this.attend();
    for (let left = milliseconds; left > 0;) {
      const step = Math.min(left, ATTENTION, this.#untilDue());
      await this.#options.pause(step);
      left -= step;
      for (const connector of this.connectors) connector.pass(step);
      this.#outbox.pass(step);
      this.#untilHeartbeat -= step;
      await this.#doWhatIsDue();
      await this.attend();
    }
  }

  /** Carries out what it was told to do. */
  async attend(): Promise<void> {
    for (let duty = this.#duties.shift(); duty !== undefined; duty = this.#duties.shift()) await duty();
  }

  /** A CALL that is no transaction's: lost while there is no link, and no matter if it is refused. */
  async tell(action: string, payload: Payload): Promise<Payload | undefined> {
    if (!this.#link.isUp) return undefined;
    try {
      return await this.#link.call(action, this.faults.altered(action, payload));
    } catch (error) {
      if (error instanceof CallFailed) return undefined;
      throw error;
    }
  }

  heartbeat(): Promise<Payload | undefined> {
    return this.tell('Heartbeat', {});
  }

  /** A connector becomes so, and says so where there is a link. */
  async become(id: number, status: Status, errorCode = 'NoError'): Promise<void> {
    const connector = this.connector(id);
    connector.status = status;
    const { ledger, now } = this.#options;
    ledger.statuses.push({ station: this.identity, connector: id, at: now(), status });
    await this.#tellStatus(connector, errorCode);
  }

  /** Whether the central system lets this tag charge; without a link the station's own rules hold. */
  async authorize(idTag: string): Promise<boolean> {
    if (!this.#link.isUp)
      return (
        this.configuration.isOn('LocalAuthorizeOffline') &&
        this.configuration.isOn('AllowOfflineTxForUnknownId')
      );
    return isAccepted(await this.tell('Authorize', { idTag }));
  }

  start(id: number, idTag: string): Promise<void> {
    return this.#transactions.start(this.connector(id), idTag);
  }

  /** @returns the energy that flowed, in Wh by the meter's pulses */
  stop(id: number, reason: StopReason): Promise<number> {
    return this.#transactions.stop(this.connector(id), reason);
  }

  /** MeterValues of one connector, now. */
  sample(id: number, context: Context): Promise<void> {
    return this.#transactions.sample(this.connector(id), context);
  }

  /**
   * One whole visit in time lapse: authorise, start, meter values, stop. Each sample stands for a minute of
   * charging. @returns the energy that the car took, in Wh
   */
  async charge(
    id: number,
    { samples, sampleMilliseconds }: { samples: number; sampleMilliseconds: number },
  ): Promise<number> {
    const { random, pause } = this.#options;
    const idTag = `TAG${random.between(100_000, 999_999)}`;
    await this.become(id, 'Preparing');
    await this.authorize(idTag);
    await this.start(id, idTag);
    for (let sample = 0; sample < samples; sample++) {
      await pause(sampleMilliseconds);
      this.connector(id).pass(60_000);
      await this.sample(id, 'Sample.Periodic');
    }
    return this.stop(id, 'Local');
  }

  /** Commits a fault that needs no occasion: the rest of a frame, or two CALLs at once. */
  async misbehave(): Promise<void> {
    if (this.faults.takes('cut-frame')) this.#link.send(CUT_FRAME);
    if (this.faults.takes('two-calls')) {
      await Promise.all([
        this.#link.callOutOfTurn('Heartbeat', {}),
        this.#link.callOutOfTurn('Heartbeat', {}),
      ]);
    }
  }

  async #boot(): Promise<void> {
    const { pause } = this.#options;
    for (;;) {
      const isHasty = this.faults.takes('hasty-boot');
      const [{ status, interval }] = await Promise.all([
        this.#link.callOutOfTurn('BootNotification', bootPayload(this.device)),
        isHasty ? this.#link.callOutOfTurn('Heartbeat', {}) : undefined,
      ]);
      const seconds =
        typeof interval === 'number' && interval > 0
          ? interval
          : this.configuration.number('HeartbeatInterval');
      if (status === 'Accepted') {
        this.configuration.change('HeartbeatInterval', String(seconds));
        this.#untilHeartbeat = this.#heartbeatInterval();
        return;
      }
      await pause(this.#scaled(seconds * 1000));
    }
  }

  async #report(connectors: readonly Connector[]): Promise<void> {
    for (const connector of connectors) await this.become(connector.id, connector.status);
  }

  async #tellStatus(connector: Connector, errorCode: string): Promise<void> {
    if (!this.#link.isUp) return;
    connector.told = connector.status;
    await this.tell('StatusNotification', {
      connectorId: connector.id,
      errorCode,
      status: connector.status,
      ...(this.device.habits.statusTimestamp ? { timestamp: this.timestamp } : {}),
    });
  }

  #untilDue(): number {
    const samples = this.connectors.map(({ charging }) => charging?.untilSample ?? Infinity);
    return Math.max(1, Math.min(this.#untilHeartbeat, this.#outbox.due ?? Infinity, ...samples));
  }

  async #doWhatIsDue(): Promise<void> {
    await this.#outbox.drain();
    for (const connector of this.connectors) await this.#transactions.sampleIfDue(connector);
    if (this.#untilHeartbeat > 0) return;
    this.#untilHeartbeat = this.#heartbeatInterval();
    await this.heartbeat();
  }

  #heartbeatInterval(): number {
    return this.#scaled(this.configuration.number('HeartbeatInterval') * 1000) || Infinity;
  }

  #scaled(milliseconds: number): number {
    return Math.round(milliseconds * (this.#options.scale ?? 1));
  }

  async #answer(action: string, payload: Payload): Promise<Answer> {
    const { from, to } = this.device.timing.response;
    if (to > 0) await this.#options.pause(this.#responses.between(from, to));
    if (this.faults.takes('silent', action)) return { silent: true };
    const { answer, duty } = answerTo(this, action, payload);
    if (duty !== undefined) this.#duties.push(duty);
    return answer;
  }
}
