import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@chargeproof/log';
import { traffic } from '../../crash/projector-traffic.ts';
import { load, stationsOf } from '../ends.ts';
import { openSocket } from '../load/open-socket.ts';
import { rounded } from '../numbers.ts';
import { figureOf, startApp, startGateway } from '../platform.ts';
import { type Measured, say } from '../processes.ts';
import type { Place, Profile } from '../profiles/index.ts';
import { BOTH, type Section, type Stand } from './figure.ts';

export type RecoveryFigures = {
  /** From the start of the process after a `kill -9`. */
  readonly recoverySeconds: {
    /** To its first accepted handshake. */
    readonly gateway: number;
    /** To the last record's rows, killed while it still had some to fold. */
    readonly projector: number;
  };
  readonly recovery: { readonly frames: number; readonly leftAtKill: number };
};

const STATIONS = 1000;
const BATCH = 5000;
const BEFORE_KILL = { stations: 100, callsPerSecond: 1000, seconds: 5 };
const KILLED_AFTER_MS = 4000;
/** Records left to fold when the projector is killed. */
const LEFT_AT_KILL = 20_000;
const LOOK_MS = 50;

export const recovery: Section = {
  name: 'recovery',
  about: 'kill -9 of gateway and projector with many frames in the log',
  profiles: BOTH,
  measure: recoveryFigures,
};

async function recoveryFigures({ profile, ends, framesInLog }: Stand): Promise<RecoveryFigures> {
  const place = await profile.place();
  try {
    // The first gateway of a folder makes its keys; a log that holds records must have them.
    await (await startGateway(place, ends.upstream)).stop();
    const frames = await fill(place, framesInLog);
    say(`  ${rounded(frames)} frames are in the log`);
    const killed = await startGateway(place, ends.upstream);
    const talking = load(ends, killed, BEFORE_KILL);
    await pause(KILLED_AFTER_MS);
    await killed.kill();
    await talking;
    const { seconds, gateway: again } = await toFirstHandshake(place, ends.upstream);
    await again.stop();
    const projector = await projectorRecovery(profile, place, frames);
    return {
      recoverySeconds: { gateway: seconds, projector: projector.seconds },
      recovery: { frames, ...projector.told },
    };
  } finally {
    await place.remove();
  }
}

async function fill(place: Place, frames: number): Promise<number> {
  const log = await place.openLog();
  let appended = 0;
  let batch: Parameters<Log['append']>[1][number][] = [];
  for (const request of traffic({ stations: STATIONS, calls: frames / 2, seed: 11 })) {
    batch.push(request);
    if (batch.length < BATCH) continue;
    await log.append('ocpp.frames', batch);
    appended += batch.length;
    batch = [];
  }
  await log.append('ocpp.frames', batch);
  await log.close();
  return appended + batch.length;
}

async function toFirstHandshake(place: Place, upstream: Measured) {
  const from = performance.now();
  const gateway = await startGateway(place, upstream);
  const socket = await openSocket(new URL(`${stationsOf(gateway)}/AGAIN`), () => undefined);
  const seconds = (performance.now() - from) / 1000;
  socket.destroy();
  return { seconds, gateway };
}

async function projectorRecovery(profile: Profile, place: Place, frames: number) {
  const killed = await startApp(profile.folds, place);
  const folded = await whenFolded(killed, frames - LEFT_AT_KILL).finally(() => killed.kill());
  const from = performance.now();
  const again = await startApp(profile.folds, place);
  try {
    while ((await figureOf(again, 'lag_records')) !== 0) await pause(LOOK_MS);
    return { seconds: (performance.now() - from) / 1000, told: { leftAtKill: Math.max(0, frames - folded) } };
  } finally {
    await again.stop();
  }
}

/** @returns how many records are folded by then */
async function whenFolded(folds: Measured, records: number): Promise<number> {
  for (let told = 0; ;) {
    const folded = (await figureOf(folds, 'records_folded_total')) ?? 0;
    if (folded >= records) return folded;
    if (folded >= told + 100_000) say(`  ${rounded((told = folded))} records are folded`);
    await pause(LOOK_MS);
  }
}
