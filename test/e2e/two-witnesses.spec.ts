import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RunningCommand } from './cli/command.ts';
import { startGatewayProcess } from './gateway/gateway-process.ts';
import { exported, imported, type Traced } from './importing/folder.ts';

const STATION = 'CP-1';
const HOUR = 3_600_000;

type Frame = {
  readonly id: string;
  readonly witness: 'WIRE' | 'IMPORT';
  readonly text: string;
  readonly direction: string;
  readonly sameAs: string | null;
};
type Seen = {
  readonly frames: { readonly nodes: readonly Frame[] };
  readonly transactions: { readonly nodes: readonly { readonly id: string; readonly stopMethod: string }[] };
  readonly energy: { readonly entries: readonly { readonly energyWh: string }[] };
  readonly exchanges: { readonly totalCount: string };
};
const DAY = 24 * HOUR;
const dayFromNow = (days: number) => new Date(Date.now() + days * DAY).toISOString();
/** All but the positions it was read at, which an import moves. */
const QUESTION = `{
  frames(first: 500) { nodes { id witness text direction sameAs } }
  exchanges(first: 500) { totalCount nodes { id messageId action outcome } }
  transactions { nodes { id connector kind transactionId starts startedAt stoppedAt meterStart meterStop stopMethod
    energy { energyWh method confidence } } }
  energy(from: "${dayFromNow(-2)}", to: "${dayFromNow(2)}") { entries {
    station connector energyWh method transactions withoutEnergy open } }
}`;

async function asked(data: string): Promise<Seen> {
  const { code, stdout, stderr } = await new RunningCommand(['query', '--data', data, '--json', QUESTION])
    .finished;
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { data: Seen }).data;
}

/** A station that asks one thing after the other, as OCPP-J 1.6, 4.1.1 wants it. */
async function liveStation(url: string) {
  const socket = new WebSocket(`${url}/ocpp/${STATION}`, ['ocpp1.6']);
  await once(socket, 'open');
  let number = 0;
  return {
    async call(action: string, payload: object): Promise<Record<string, unknown>> {
      number += 1;
      socket.send(JSON.stringify([2, `${action}-${number}`, action, payload]));
      const [data] = (await once(socket, 'message')) as [Buffer];
      return (JSON.parse(data.toString()) as [3, string, Record<string, unknown>])[2];
    },
    async end(): Promise<void> {
      socket.close(1000);
      await once(socket, 'close');
    },
  };
}

const root = mkdtempSync(join(tmpdir(), 'chargeproof-two-witnesses-'));
const live = join(root, 'live');
let trace: readonly Traced[];
let before: Seen;

beforeAll(async () => {
  const gateway = await startGatewayProcess({
    [variableName('data', 'folder')]: live,
    [variableName('gateway', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'warn',
  });
  const station = await liveStation(gateway.address);
  const now = () => new Date().toISOString();
  await station.call('BootNotification', { chargePointVendor: 'Test', chargePointModel: 'One' });
  await station.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' });
  const start = { connectorId: 1, idTag: 'TAG', meterStart: 1000, timestamp: now() };
  const { transactionId } = await station.call('StartTransaction', start);
  for (const value of ['1500', '3000']) {
    const meterValue = [{ timestamp: now(), sampledValue: [{ value }] }];
    await station.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  }
  await station.call('StopTransaction', { transactionId, meterStop: 5000, timestamp: now() });
  await station.call('Heartbeat', {});
  await station.end();
  await gateway.signal('SIGTERM');
  trace = await exported(live);
  before = await asked(live);
}, 120_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A copy of the live folder with another witness's recording in it. */
async function withRecording(name: string, lines: readonly Traced[], shift: number): Promise<Seen> {
  const data = join(root, name);
  cpSync(live, data, { recursive: true });
  const shifted = lines.map((line) => ({
    ...line,
    timestamp: new Date(Date.parse(line.timestamp) + shift).toISOString(),
  }));
  const file = join(root, `${name}.jsonl`);
  writeFileSync(file, shifted.map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect(await imported(data, file)).toMatchObject({ frames: lines.length, alreadyKnown: 0 });
  return asked(data);
}

const importsOf = ({ frames }: Seen) => frames.nodes.filter(({ witness }) => witness === 'IMPORT');

describe('a recording of what the gateway saw itself', () => {
  it('has something to say, live', () => {
    expect(trace).toHaveLength(14);
    expect(before.energy.entries).toMatchObject([{ energyWh: '4000', station: STATION }]);
    expect(before.transactions.nodes).toHaveLength(1);
  });

  it.each([
    ['at the same time', 0],
    ['by a clock an hour behind', -HOUR],
    ['by a clock a zone and some seconds behind', -2 * HOUR - 17_000],
    ['by a clock an hour ahead', HOUR],
  ])(
    '%s is told as the same, frame by frame, and changes no figure',
    async (name, shift) => {
      const after = await withRecording(name.replaceAll(' ', '-'), trace, shift);
      const wire = new Map(after.frames.nodes.map((frame) => [frame.id, frame]));
      const imports = importsOf(after);
      expect(imports).toHaveLength(trace.length);
      for (const { text, direction, sameAs } of imports) {
        expect(wire.get(sameAs ?? '')).toMatchObject({ witness: 'WIRE', text, direction });
      }
      expect(new Set(imports.map(({ sameAs }) => sameAs)).size).toBe(trace.length);
      expect({ ...after, frames: [] }).toEqual({ ...before, frames: [] });
    },
    60_000,
  );

  it('fills what the gateway missed, and says so', async () => {
    const stop = trace.findIndex(({ raw }) => raw.includes('StopTransaction'));
    const at = trace[stop]?.timestamp ?? '';
    const missed = [
      { ...trace[stop], raw: '[2,"missed","Heartbeat",{}]', direction: 'cp-to-csms' },
      { ...trace[stop], raw: `[3,"missed",{"currentTime":"${at}"}]`, direction: 'csms-to-cp' },
    ] as Traced[];
    const whole = [...trace.slice(0, stop), ...missed, ...trace.slice(stop)];
    const after = await withRecording('missed', whole, -HOUR);
    const alone = importsOf(after).filter(({ sameAs }) => sameAs === null);
    expect(alone.map(({ text }) => text).sort()).toEqual(missed.map(({ raw }) => raw).sort());
    expect(importsOf(after)).toHaveLength(whole.length);
    expect(Number(after.exchanges.totalCount)).toBe(Number(before.exchanges.totalCount) + 1);
    expect([after.energy, after.transactions]).toEqual([before.energy, before.transactions]);
  }, 60_000);
});
