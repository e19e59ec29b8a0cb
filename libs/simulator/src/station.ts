import { WebSocket } from 'ws';
import type { Ledger } from './ledger.ts';
import { Meter } from './meter.ts';
import { type Answer, type Payload, Peer } from './peer.ts';
import type { Random } from './random.ts';

/** A station as data: who it is and how it charges. */
export type StationProfile = {
  readonly identity: string;
  readonly vendor: string;
  readonly model: string;
  readonly firmwareVersion: string;
  readonly connectors: number;
  readonly maxWatts: number;
};

export type StationOptions = {
  readonly profile: StationProfile;
  /** Base URL; the identity is appended, percent-encoded. */
  readonly url: string;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Wall clock in milliseconds. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
};

type Status = 'Available' | 'Preparing' | 'Charging' | 'Finishing';

/** A station that boots, reports its connectors and charges, as an OCPP 1.6 Core station does. */
export class SimulatedStation {
  readonly #options: StationOptions;
  readonly #meters: readonly Meter[];
  #peer: Peer | undefined;
  #socket: WebSocket | undefined;
  #messageId = 0;

  constructor(options: StationOptions) {
    this.#options = options;
    this.#meters = Array.from(
      { length: options.profile.connectors },
      () => new Meter(options.random.between(0, 900_000)),
    );
  }

  get identity(): string {
    return this.#options.profile.identity;
  }

  /** Opens the socket and boots. @throws Error where the handshake is refused */
  async connect(): Promise<void> {
    const { url, ledger } = this.#options;
    const socket = new WebSocket(`${url}/${encodeURIComponent(this.identity)}`, ['ocpp1.6'], {
      perMessageDeflate: false,
    });
    this.#socket = socket;
    this.#peer = new Peer({
      socket,
      handler: (action) => this.#answer(action),
      // As many stations do: a counter that starts again at each boot.
      nextMessageId: () => String(++this.#messageId),
      onFrame: (event, text) => {
        ledger.note(this.identity, 'station', event, text);
      },
    });
    this.#messageId = 0;
    await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
    await this.#boot();
  }

  heartbeat(): Promise<Payload> {
    return this.#call('Heartbeat', {});
  }

  /** One whole visit on one connector: authorise, start, meter values, stop. @returns the energy the car took, in Wh */
  async charge(
    connectorId: number,
    { samples, sampleMilliseconds }: { samples: number; sampleMilliseconds: number },
  ): Promise<number> {
    const { random, pause, profile } = this.#options;
    const meter = this.#meters[connectorId - 1];
    if (meter === undefined) throw new RangeError(`${this.identity} has no connector ${connectorId}`);
    const idTag = `TAG${random.between(100_000, 999_999)}`;
    await this.#status(connectorId, 'Preparing');
    await this.#call('Authorize', { idTag });
    const meterStart = meter.registerWh;
    const started = await this.#call('StartTransaction', {
      connectorId,
      idTag,
      meterStart,
      timestamp: this.#timestamp(),
    });
    await this.#status(connectorId, 'Charging');
    const watts = random.between(Math.floor(profile.maxWatts / 3), profile.maxWatts);
    for (let sample = 0; sample < samples; sample++) {
      await pause(sampleMilliseconds);
      meter.charge(watts, 60);
      await this.#call('MeterValues', this.#sample(connectorId, started.transactionId, meter, watts));
    }
    const stop = {
      transactionId: started.transactionId,
      idTag,
      meterStop: meter.registerWh,
      timestamp: this.#timestamp(),
      reason: 'Local',
    };
    await this.#call('StopTransaction', stop);
    await this.#status(connectorId, 'Finishing');
    await this.#status(connectorId, 'Available');
    return meter.registerWh - meterStart;
  }

  /** Closes the socket as a station that goes down in order. */
  async disconnect(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || socket.readyState === socket.CLOSED) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.close(1000, 'going down');
    await closed;
  }

  async #boot(): Promise<void> {
    const { profile } = this.#options;
    await this.#call('BootNotification', {
      chargePointVendor: profile.vendor,
      chargePointModel: profile.model,
      chargePointSerialNumber: profile.identity.slice(0, 25),
      firmwareVersion: profile.firmwareVersion,
    });
    await this.#status(0, 'Available');
    for (let connector = 1; connector <= profile.connectors; connector++)
      await this.#status(connector, 'Available');
  }

  #call(action: string, payload: Payload): Promise<Payload> {
    if (this.#peer === undefined) return Promise.reject(new Error(`${this.identity} is not connected`));
    return this.#peer.call(action, payload);
  }

  #status(connectorId: number, status: Status): Promise<Payload> {
    return this.#call('StatusNotification', {
      connectorId,
      errorCode: 'NoError',
      status,
      timestamp: this.#timestamp(),
    });
  }

  #sample(connectorId: number, transactionId: unknown, meter: Meter, watts: number): Payload {
    const context = 'Sample.Periodic';
    const sampledValue = [
      { value: String(meter.registerWh), context, measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      { value: String(watts), context, measurand: 'Power.Active.Import', unit: 'W' },
    ];
    return { connectorId, transactionId, meterValue: [{ timestamp: this.#timestamp(), sampledValue }] };
  }

  #timestamp(): string {
    return new Date(this.#options.now()).toISOString();
  }

  #answer(action: string): Answer {
    if (action === 'TriggerMessage') return { payload: { status: 'NotImplemented' } };
    if (action === 'GetConfiguration') return { payload: { configurationKey: [], unknownKey: [] } };
    return { error: 'NotImplemented', description: `${action} is not known here` };
  }
}
