import type { StationConfiguration } from '../device/configuration.ts';
import type { StationDevice } from '../device/profile.ts';
import type { Ledger, TransactionTruth } from '../ledger.ts';
import type { Payload } from '../peer.ts';
import type { Random } from '../random.ts';
import type { Charging, Connector, Status } from './connector.ts';
import { type Context, meterValue, timestamp } from './messages.ts';
import type { Outbox } from './outbox.ts';

/** Reasons to stop that these stations give (OCPP 1.6, 7.36). */
export type StopReason =
  'Local' | 'Remote' | 'EVDisconnected' | 'DeAuthorized' | 'UnlockCommand' | 'SoftReset' | 'HardReset';

export type TransactionsOptions = {
  readonly device: StationDevice;
  readonly configuration: StationConfiguration;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly now: () => number;
  readonly outbox: Outbox;
  /** What a configured second lasts, in milliseconds. */
  readonly second: number;
  readonly become: (connector: Connector, status: Status) => Promise<void>;
  /** Has something done as soon as the station attends. */
  readonly later: (duty: () => Promise<unknown>) => void;
};

/** How a station begins, measures and ends transactions, and what it then says of them. */
export class Transactions {
  readonly #options: TransactionsOptions;

  constructor(options: TransactionsOptions) {
    this.#options = options;
  }

  /** Energy flows from now on, or until the central system refuses the tag. */
  async start(connector: Connector, idTag: string): Promise<void> {
    const { device, random, outbox, become } = this.#options;
    const { begins } = device.habits;
    const truth = this.#truthOf(connector);
    const payload = {
      connectorId: connector.id,
      idTag,
      meterStart: connector.meter.registerWh,
      timestamp: this.#timestamp(),
    };
    if (begins === 'status') await become(connector, 'Charging');
    const charging: Charging = {
      idTag,
      truth,
      watts: random.between(Math.floor(device.maxWatts / 2), device.maxWatts),
      data: this.#dataOf(connector, 'Transaction.Begin'),
      flows: true,
      untilSample: this.#sampleInterval(),
    };
    connector.charging = charging;
    await outbox.post({
      action: 'StartTransaction',
      payload: () => payload,
      answered: (answer) => this.#started(connector, charging, answer),
    });
    if (begins === 'transaction' && charging.flows) await become(connector, 'Charging');
  }

  /** @returns the energy that flowed, in Wh by the meter's pulses */
  async stop(connector: Connector, reason: StopReason): Promise<number> {
    const { device, now, outbox, become } = this.#options;
    const { charging } = connector;
    if (charging === undefined) return 0;
    const { truth, idTag } = charging;
    charging.flows = false;
    truth.stopped = now();
    const transactionData = [...charging.data, ...this.#dataOf(connector, 'Transaction.End')];
    const payload = {
      ...(device.habits.stopIdTag ? { idTag } : {}),
      meterStop: connector.meter.registerWh,
      timestamp: this.#timestamp(),
      reason,
      ...(transactionData.length > 0 ? { transactionData } : {}),
    };
    await outbox.post({
      action: 'StopTransaction',
      payload: () => ({ transactionId: idOf(truth), ...payload }),
    });
    connector.charging = undefined;
    for (const status of device.habits.afterStop) await become(connector, status);
    if (connector.leavesService) await become(connector, 'Unavailable');
    connector.leavesService = false;
    return truth.energyWh;
  }

  /** MeterValues of one connector, now. */
  async sample(connector: Connector, context: Context): Promise<void> {
    const { device, configuration, now, outbox } = this.#options;
    const { truth } = connector.charging ?? {};
    const measurands = configuration.list('MeterValuesSampledData');
    const value = meterValue(device, measurands, connector.reading, { at: now(), context });
    if (value === undefined) return;
    await outbox.post({
      action: 'MeterValues',
      payload: () => ({
        connectorId: connector.id,
        ...(truth === undefined ? {} : { transactionId: idOf(truth) }),
        meterValue: [value],
      }),
    });
  }

  async sampleIfDue(connector: Connector): Promise<void> {
    const { charging } = connector;
    if (charging?.untilSample === undefined || charging.untilSample > 0) return;
    charging.untilSample = this.#sampleInterval();
    if (charging.data.length > 0 && charging.data.length <= this.#mostData())
      charging.data.push(...this.#dataOf(connector, 'Sample.Periodic'));
    await this.sample(connector, 'Sample.Periodic');
  }

  #truthOf({ id }: Connector): TransactionTruth {
    const { device, ledger, now } = this.#options;
    const truth = {
      station: device.identity,
      connector: id,
      transactionId: undefined,
      energyWh: 0,
      started: now(),
      stopped: undefined,
    };
    ledger.transactions.push(truth);
    return truth;
  }

  async #started(connector: Connector, charging: Charging, answer: Payload): Promise<void> {
    const { configuration, become, later } = this.#options;
    if (typeof answer.transactionId === 'number') charging.truth.transactionId = answer.transactionId;
    // A start that was kept for long may be over when it is refused.
    if (isAccepted(answer) || connector.charging !== charging) return;
    charging.flows = false;
    if (configuration.isOn('StopTransactionOnInvalidId')) later(() => this.stop(connector, 'DeAuthorized'));
    else await become(connector, 'SuspendedEVSE');
  }

  /** The reading for transactionData, where the station gives any (StopTxnSampledData). */
  #dataOf({ reading }: Connector, context: Context): Payload[] {
    const { device, configuration, now } = this.#options;
    const measurands = configuration.list('StopTxnSampledData');
    const value = meterValue(device, measurands, reading, { at: now(), context });
    return value === undefined ? [] : [value];
  }

  /** What may stand between the first and the last reading of transactionData (errata 3.91). */
  #mostData(): number {
    const { configuration } = this.#options;
    const key = 'StopTransactionMaxMeterValues';
    return configuration.has(key) ? configuration.number(key) : Infinity;
  }

  #sampleInterval(): number | undefined {
    const { configuration, second } = this.#options;
    return Math.round(configuration.number('MeterValueSampleInterval') * second) || undefined;
  }

  #timestamp(): string {
    return timestamp(this.#options.now(), this.#options.device);
  }
}

/** What stands for the transaction id while there is none (errata 3.18). */
const idOf = ({ transactionId }: TransactionTruth): number => transactionId ?? -1;

/** Whether an answer's idTagInfo lets the tag charge. */
export const isAccepted = (answer: Payload | undefined): boolean =>
  (answer?.idTagInfo as { status?: unknown } | undefined)?.status === 'Accepted';
