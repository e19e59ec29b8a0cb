import { setTimeout as pause } from 'node:timers/promises';
import { type CentralSystem, type Ledger, seeded, SimulatedStation } from '@chargeproof/simulator';
import { CAST } from './scripts.ts';
import { presentCard, leave, type Stage, startFromAfar, stopFromAfar } from './stage.ts';

export type Fleet = {
  /** Connects and boots every station. */
  connect(): Promise<void>;
  /** Every station plays its script, all at once. */
  play(): Promise<void>;
  /** Every station makes one plain visit. */
  visit(): Promise<void>;
  /** Ends it at any moment: whatever goes on stands still. */
  disconnect(): Promise<void>;
};

export type FleetOptions = {
  /** Base URL of the recorder. */
  readonly url: string;
  readonly ledger: Ledger;
  readonly central: CentralSystem;
  /** The same seed draws the same powers, registers and ids. */
  readonly seed: string;
  /** How many times as fast as the schedule: times are divided by it, and so is the energy. */
  readonly pace: number;
};

/** What a second of a station's configuration lasts: samples every 10 s would be few in two minutes. */
const SCALE = 0.2;
const VISIT_SECONDS = 10;
const REST_SECONDS = 5;

/** The four certified stations. Their cars charge at the speed of the wall clock, by the powers they have. */
export function createFleet({ url, ledger, central, seed, pace }: FleetOptions): Fleet {
  const random = seeded(seed);
  const over = new AbortController();
  const untilOver = (milliseconds: number) => waitUnless(over.signal, milliseconds);
  const parts = CAST.map((part) => {
    const { identity } = part.device;
    const station = new SimulatedStation({
      profile: part.device,
      url,
      ledger,
      random: random.fork(identity),
      now: Date.now,
      pause: untilOver,
      scale: SCALE / pace,
    });
    if (part.atBoot !== undefined) station.faults.arm(part.atBoot);
    const stage: Stage = {
      station,
      tell: (action, payload) => central.call(identity, action, payload),
      wait: (seconds) => station.pass(Math.round((seconds * 1000) / pace)),
      realTime: (seconds) => untilOver(seconds * 1000),
    };
    return { ...part, stage };
  });
  const all = async (act: (part: (typeof parts)[number]) => Promise<unknown>) => {
    await Promise.all(parts.map(act));
  };
  return {
    connect: () => all(({ stage }) => stage.station.connect()),
    play: () => all(({ script, stage }) => script(stage)),
    visit: () => all(({ device, stage }) => visit(stage, device.hardware.rfidReaders === 'None')),
    disconnect: () => {
      over.abort();
      return all(({ stage }) => stage.station.disconnect());
    },
  };
}

/** Waits; for ever where it is over meanwhile, so that no script goes on among closed sockets. */
async function waitUnless(over: AbortSignal, milliseconds: number): Promise<void> {
  const isOver = await pause(milliseconds, false, { signal: over }).catch(() => true);
  if (isOver) await new Promise(() => undefined);
}

async function visit(stage: Stage, isFromAfar: boolean): Promise<void> {
  if (isFromAfar) await startFromAfar(stage, 'APP-ROUND');
  else await presentCard(stage, 'CARD-ROUND');
  await stage.wait(VISIT_SECONDS);
  if (isFromAfar) await stopFromAfar(stage);
  else await leave(stage);
  await stage.wait(REST_SECONDS);
}
