import type { AppendRequest } from '@chargeproof/log';
import { actOut, sealedWorld, trafficOf } from '@chargeproof/projection/testing';
import { FRAME_PARTITIONS } from '@chargeproof/record';
import fc from 'fast-check';
import type { TrafficOptions } from './projector-traffic.ts';
import { traffic } from './projector-traffic.ts';

const WORLD = {
  stations: ['CP-1', 'CP-2', 'CP-3', 'CP-4'],
  partitions: FRAME_PARTITIONS,
  gateways: 2,
  tickSeconds: 60,
};

/** Stations of the generated world, and recordings of them: whole, cut off, overlapping, by wrong clocks. Sealed. */
export function recordedTraffic(seed: number, length: number, files = 1): readonly AppendRequest[] {
  return fc
    .sample(trafficOf(length), { seed, numRuns: files })
    .flatMap((actions) => sealedWorld(actOut(actions, WORLD)))
    .map(({ partition, record }) => ({ ...record, partition }));
}

/** A fleet with a late spool, and among it {@link recordedTraffic}: each in its own order. */
export function mixedTraffic(options: TrafficOptions, recordedActions: number): readonly AppendRequest[] {
  const fleet = [...traffic(options)];
  const recorded = recordedTraffic(options.seed, recordedActions);
  const place = (index: number, of: readonly unknown[]) => index / of.length;
  return [
    ...fleet.map((request, index) => ({ request, at: place(index, fleet) })),
    ...recorded.map((request, index) => ({ request, at: place(index, recorded) })),
  ]
    .toSorted((a, b) => a.at - b.at)
    .map(({ request }) => request);
}
