import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type CentralSystem, startCentralSystem } from '../central-system.ts';
import { Ledger } from '../ledger.ts';
import { seeded } from '../random.ts';
import { SimulatedStation } from './station.ts';

const profile = {
  identity: 'CP 1',
  vendor: 'Test',
  model: 'One',
  firmwareVersion: '1.0',
  connectors: 2,
  maxWatts: 22_000,
};
let central: CentralSystem | undefined;
afterEach(() => central?.close());

async function visit(seed: string): Promise<{ ledger: Ledger; energyWh: number }> {
  const ledger = new Ledger();
  central = await startCentralSystem({ ledger, now: Date.now, heartbeatSeconds: 60 });
  const station = new SimulatedStation({
    profile,
    url: central.url,
    ledger,
    random: seeded(seed),
    now: Date.now,
    pause,
  });
  await station.connect();
  const energyWh = await station.charge(1, { samples: 3, sampleMilliseconds: 1 });
  await station.disconnect();
  return { ledger, energyWh };
}

describe('a simulated station and central system', () => {
  it('exchange whole visits, and each side notes what the other sent', async () => {
    const { ledger } = await visit('a');
    const sent = (by: 'station' | 'csms') =>
      ledger.entries.filter((e) => e.by === by && e.event === 'sent').map((e) => e.sha256);
    const received = (by: 'station' | 'csms') =>
      ledger.entries.filter((e) => e.by === by && e.event === 'received').map((e) => e.sha256);
    expect(received('csms')).toEqual(sent('station'));
    expect(received('station')).toEqual(sent('csms'));
    expect(ledger.sentByStation().get('CP 1')).toBe(ledger.entries.length / 2);
  });

  it('draw the same energy from the same seed, and other energy from another', async () => {
    const first = await visit('a');
    await central?.close();
    const again = await visit('a');
    await central?.close();
    const other = await visit('b');
    expect(again.energyWh).toBe(first.energyWh);
    expect(other.energyWh).not.toBe(first.energyWh);
  });

  it('answer an action they do not know with NotImplemented', async () => {
    const ledger = new Ledger();
    central = await startCentralSystem({ ledger, now: Date.now, heartbeatSeconds: 60 });
    const station = new SimulatedStation({
      profile,
      url: central.url,
      ledger,
      random: seeded('c'),
      now: Date.now,
      pause,
    });
    await station.connect();
    await expect(central.call('CP 1', 'Juggle', {})).rejects.toThrow('NotImplemented');
    await station.disconnect();
  });
});
