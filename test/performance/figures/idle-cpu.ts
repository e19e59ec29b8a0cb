import { setTimeout as pause } from 'node:timers/promises';
import { startGateway, startReaders } from '../platform.ts';
import { BOTH, type Section, type Stand } from './figure.ts';

export type IdleCpuFigures = {
  /**
   * Parts of a core that each process takes while no station is connected. The projector is null where the query
   * process folds.
   */
  readonly idleCpu: { readonly gateway: number; readonly projector: number | null; readonly query: number };
};

/** Until what a start leaves to do is done. */
const SETTLE_SECONDS = 10;
const SECONDS = 30;

export const idleCpu: Section = {
  name: 'idle',
  about: `idle CPU of each process, over ${SECONDS} s`,
  profiles: BOTH,
  measure: idleCpuFigures,
};

async function idleCpuFigures({ profile }: Stand): Promise<IdleCpuFigures> {
  const place = await profile.place();
  const gateway = await startGateway(place);
  const readers = await startReaders(profile, place);
  try {
    const processes = [gateway, readers.processes.get('projector'), readers.processes.get('api')];
    await pause(SETTLE_SECONDS * 1000);
    const from = performance.now();
    const before = processes.map((process) => process?.cpuSeconds());
    await pause(SECONDS * 1000);
    const seconds = (performance.now() - from) / 1000;
    const [ofGateway = 0, projector = null, query = 0] = processes.map((process, index) =>
      process === undefined ? undefined : (process.cpuSeconds() - (before[index] ?? 0)) / seconds,
    );
    return { idleCpu: { gateway: ofGateway, projector, query } };
  } finally {
    await readers.stop();
    await gateway.stop();
    await place.remove();
  }
}
