import { setTimeout as pause } from 'node:timers/promises';
import { type Ledger, seeded, SimulatedStation, type StationProfile } from '@chargeproof/simulator';

const ac = {
  vendor: 'Hygge Ladere',
  model: 'Fjord 22',
  firmwareVersion: '2.4.1',
  connectors: 2,
  maxWatts: 22_000,
};
const dc = {
  vendor: 'Volt & Vind',
  model: 'Gale 150',
  firmwareVersion: '7.0.3',
  connectors: 1,
  maxWatts: 150_000,
};

/** The demo's stations: invented, four on one site. */
const PROFILES: readonly StationProfile[] = [
  { ...ac, identity: 'HARBOUR-01' },
  { ...ac, identity: 'HARBOUR-02' },
  { ...dc, identity: 'HARBOUR-03' },
  { ...dc, identity: 'HARBOUR-04' },
];

/** How the fleet behaves: as fast as a person can still follow. */
const SAMPLE_MILLISECONDS = 100;
const SAMPLES = 4;
const REST_MILLISECONDS = 500;

export type Fleet = {
  /** Connects and boots every station. */
  connect(): Promise<void>;
  /** Every station makes one visit on each connector, all stations at once. */
  charge(): Promise<void>;
  rest(): Promise<void>;
  disconnect(): Promise<void>;
};

/** @param seed the same seed draws the same tags, powers and registers */
export function createFleet(url: string, ledger: Ledger, seed: string): Fleet {
  const random = seeded(seed);
  const stations = PROFILES.map((profile) => ({
    profile,
    station: new SimulatedStation({
      profile,
      url,
      ledger,
      random: random.fork(profile.identity),
      now: Date.now,
      pause,
    }),
  }));
  const all = async (act: (station: SimulatedStation, profile: StationProfile) => Promise<unknown>) => {
    await Promise.all(stations.map(({ station, profile }) => act(station, profile)));
  };
  return {
    connect: () => all((station) => station.connect()),
    charge: () =>
      all(async (station, { connectors }) => {
        await station.heartbeat();
        for (let connector = 1; connector <= connectors; connector++) {
          await station.charge(connector, { samples: SAMPLES, sampleMilliseconds: SAMPLE_MILLISECONDS });
        }
      }),
    rest: () => pause(REST_MILLISECONDS),
    disconnect: () => all((station) => station.disconnect()),
  };
}
