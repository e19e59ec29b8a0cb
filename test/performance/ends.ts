import { CALLS } from './load/calls.ts';
import type { LoadOrder, LoadResult } from './load/generator.ts';
import { fileHere, type Measured, startMeasured } from './processes.ts';

/** Stations and their CSMS: what every relay that is measured stands between. */
export type Ends = { readonly generator: Measured; readonly upstream: Measured; stop(): Promise<void> };

export async function startEnds(): Promise<Ends> {
  const generator = await startMeasured(fileHere('load/generator'));
  const upstream = await startMeasured(fileHere('load/upstream'));
  return {
    generator,
    upstream,
    stop: async () => {
      await Promise.all([generator.stop(), upstream.stop()]);
    },
  };
}

/** The baseline: a relay that keeps nothing. */
export const startBare = ({ upstream }: Ends) =>
  startMeasured(fileHere('load/bare-relay'), { args: [upstream.address] });

export function load(
  { generator }: Ends,
  target: Measured,
  order: Pick<LoadOrder, 'stations' | 'seconds'> & Partial<LoadOrder>,
): Promise<LoadResult> {
  return generator.ask<LoadResult>({ url: stationsOf(target), warmupSeconds: 1, calls: CALLS, ...order });
}

/** Base URL of a relay's stations. */
export const stationsOf = ({ address }: Measured) => `${address}/ocpp`;
