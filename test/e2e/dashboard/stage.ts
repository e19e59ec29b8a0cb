import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { variableName } from '@chargeproof/config';
import { Ledger, seeded, SimulatedStation } from '@chargeproof/simulator';
import { startTimeServer } from '../../fixtures/time-server.ts';
import { ask, RunningCommand } from '../cli/command.ts';
import { imported, trace } from '../importing/folder.ts';

const HOUR = 3_600_000;
/** A station whose recording is imported: one charge, one frame that is cut off. */
export const RECORDED = 'CP/1 ü';
/** A station that charges while we look. */
export const LIVE = 'LIVE-1';
export const CUT = '[2,"9","Heartb';

export type Stage = {
  readonly address: string;
  /** The live station charges once. */
  charge(): Promise<void>;
  /** Somebody asks a station to do something; resolves when it is known what came of it. */
  command(station: string, action: string): Promise<void>;
  close(): Promise<void>;
};

type Settings = Readonly<Record<string, string>>;

/** A platform on a folder that holds a recording, with a station on it. */
export async function startStage(): Promise<Stage> {
  const folder = newFolder();
  const file = join(folder, 'recording.jsonl');
  writeFileSync(file, recording(Date.now() - HOUR));
  await imported(join(folder, 'data'), file);
  const time = await startTimeServer(5);
  const stage = await startEmptyStage({ [variableName('gateway', 'ntp')]: time.address }, folder);
  return {
    ...stage,
    close: async () => {
      await stage.close();
      await time.close();
    },
  };
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'chargeproof-dashboard-'));

/** Without the recording. */
export async function startEmptyStage(settings: Settings, folder = newFolder()): Promise<Stage> {
  const data = join(folder, 'data');
  const running = new RunningCommand(['start', '--data', data], {
    [variableName('gateway', 'port')]: '0',
    [variableName('api', 'port')]: '0',
    [variableName('gateway', 'tickSeconds')]: '1',
    ...settings,
  });
  const [, url = ''] = await running.said(/Point a station at +(\S+)\/<station>/);
  const [, address = ''] = await running.said(/Look at +(\S+)\n/);
  const profile = {
    identity: LIVE,
    vendor: 'Nordic',
    model: 'Live',
    firmwareVersion: '3.1',
    connectors: 1,
    maxWatts: 7000,
  };
  const station = new SimulatedStation({
    profile,
    url,
    ledger: new Ledger(),
    random: seeded('dashboard'),
    now: Date.now,
    pause,
  });
  return {
    address,
    charge: async () => {
      if (!station.isConnected) await station.connect();
      await station.charge(1, { samples: 3, sampleMilliseconds: 20 });
    },
    command: (to, action) => commanded(`${address}/graphql`, to, action),
    close: async () => {
      await station.disconnect();
      running.signal('SIGTERM');
      await running.finished;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function commanded(graphql: string, station: string, action: string): Promise<void> {
  const { requestCommand } = await ask<{ requestCommand: { id: string } }>(
    graphql,
    'mutation ($input: RequestCommandInput!) { requestCommand(input: $input) { id } }',
    { input: { station, action, actor: 'a person', reason: 'tried' } },
  );
  const question = 'query ($id: ID!) { command(id: $id) { endedAt exchange { answeredAt } } }';
  for (;;) {
    const { command } = await ask<{
      command: { endedAt: string | null; exchange: { answeredAt: string } | null } | null;
    }>(graphql, question, requestCommand);
    if (command?.endedAt != null && command.exchange?.answeredAt != null) return;
    await pause(100);
  }
}

/** Resolves when the tables hold a transaction of the station that has ended. */
export async function whenCharged(address: string, station: string): Promise<void> {
  const question = `query ($filter: TransactionFilter) { transactions(filter: $filter) { nodes { stoppedAt } } }`;
  for (;;) {
    const { transactions } = await ask<{ transactions: { nodes: { stoppedAt: string | null }[] } }>(
      `${address}/graphql`,
      question,
      { filter: { station: [station] } },
    );
    if (transactions.nodes.some(({ stoppedAt }) => stoppedAt !== null)) return;
    await pause(100);
  }
}

/** Half an hour of a station, with energy and power sampled, and meter values that agree with its stop. */
function recording(began: number): string {
  let messages = 0;
  const at = (minutes: number) => new Date(began + minutes * 60_000).toISOString();
  const exchange = (minutes: number, action: string, call: object, answer: object) => {
    messages += 1;
    const id = String(messages);
    return (
      trace(at(minutes), JSON.stringify([2, id, action, call]), RECORDED) +
      trace(at(minutes + 0.01), JSON.stringify([3, id, answer]), RECORDED, 'csms-to-cp')
    );
  };
  const boot = { chargePointVendor: 'Nordic', chargePointModel: 'Old', firmwareVersion: '2.0.7' };
  const status = (minutes: number, to: string) =>
    exchange(minutes, 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: to }, {});
  const sample = (minutes: number, wh: number, watts: number) => {
    const sampledValue = [
      { value: String(wh), unit: 'Wh' },
      { value: String(watts), measurand: 'Power.Active.Import', unit: 'W' },
    ];
    const payload = {
      connectorId: 1,
      transactionId: 77,
      meterValue: [{ timestamp: at(minutes), sampledValue }],
    };
    return exchange(minutes, 'MeterValues', payload, {});
  };
  const accepted = { status: 'Accepted' };
  return [
    exchange(0, 'BootNotification', boot, { ...accepted, currentTime: at(0), interval: 300 }),
    status(1, 'Available'),
    status(5, 'Preparing'),
    exchange(
      6,
      'StartTransaction',
      { connectorId: 1, idTag: 'TAG', meterStart: 1000, timestamp: at(6) },
      {
        transactionId: 77,
        idTagInfo: accepted,
      },
    ),
    status(6.1, 'Charging'),
    ...[10, 15, 20, 25].map((minutes) => sample(minutes, 1000 + (minutes - 6) * 120, 7200)),
    exchange(30, 'StopTransaction', { transactionId: 77, meterStop: 3881, timestamp: at(30) }, {}),
    status(31, 'Available'),
    trace(at(40), CUT, RECORDED),
  ].join('');
}
