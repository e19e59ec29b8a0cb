import { after, type AppendRequest, type Offsets } from '@chargeproof/log';
import { setTimeout as pause } from 'node:timers/promises';
import { load } from '../ends.ts';
import type { Quantiles } from '../load/generator.ts';
import { rounded } from '../numbers.ts';
import { figureOf, startGateway } from '../platform.ts';
import { type Measured, say } from '../processes.ts';
import type { Place } from '../profiles/index.ts';
import type { Section, Stand } from './figure.ts';

type Answers = { readonly p50: number; readonly p99: number };

export type SpoolFigures = {
  /** Records a second from the spool to the log, from the broker's return until nothing is spooled. */
  readonly spoolDrainPerSecond: number;
  /** That against appending the same records to the same broker directly, beside the same traffic. */
  readonly spoolDrainRatio: number;
  /** Milliseconds that stations waited for an answer. */
  readonly spoolAnswersMs: { readonly before: Answers; readonly away: Answers; readonly drained: Answers };
  readonly spool: {
    /** When the broker came back. */
    readonly spooled: number;
    /** With what came meanwhile. */
    readonly drained: number;
    readonly seconds: number;
    readonly directPerSecond: number;
    readonly callsPerSecond: number;
  };
};

const TRAFFIC = { stations: 64, callsPerSecond: 500 };
const SECONDS = 10;
/** So much that a drain takes some seconds. */
const AWAY_SECONDS = 40;
/** No drain of that takes as long. */
const MOST_SECONDS = 300;
const LOOK_MS = 20;
/** As the drain has it. */
const BATCH = { maxRecords: 2000, maxBytes: 1024 * 1024 };

export const spool: Section = {
  name: 'spool',
  about: `a broker that stands still for ${AWAY_SECONDS} s, and the drain of what was spooled`,
  profiles: ['kafka'],
  measure: spoolFigures,
};

async function spoolFigures({ profile, ends }: Stand): Promise<SpoolFigures> {
  const hold = profile.holdLog;
  if (hold === undefined)
    throw new Error('the broker is not of this bench: it cannot be made to stand still');
  const [place, beside] = [await profile.place(), await profile.place()];
  const gateway = await startGateway(place, ends.upstream);
  const talking = load(ends, gateway, { ...TRAFFIC, seconds: MOST_SECONDS });
  const phase = async <Result>(work: () => Promise<Result>) => {
    const result = await work();
    ends.generator.tell('next');
    return result;
  };
  try {
    await phase(() => pause(SECONDS * 1000));
    hold(true);
    await phase(() => pause(AWAY_SECONDS * 1000)).finally(() => {
      hold(false);
    });
    const spooled = await figure(gateway, 'spool_records');
    say(`  ${rounded(spooled)} records are spooled`);
    const drain = await phase(() => drained(gateway));
    const records = await recordsOf(place, drain.records);
    const direct = await appended(beside, records);
    ends.generator.tell('end');
    const [before, away, back] = (await talking).phases.map(answersOf);
    return {
      spoolDrainPerSecond: drain.records / drain.seconds,
      spoolDrainRatio: drain.records / drain.seconds / (direct.records / direct.seconds),
      spoolAnswersMs: { before: before ?? NO_ANSWERS, away: away ?? NO_ANSWERS, drained: back ?? NO_ANSWERS },
      spool: {
        spooled,
        drained: drain.records,
        seconds: drain.seconds,
        directPerSecond: direct.records / direct.seconds,
        callsPerSecond: TRAFFIC.callsPerSecond,
      },
    };
  } finally {
    await gateway.stop();
    await Promise.all([place.remove(), beside.remove()]);
  }
}

const NO_ANSWERS: Answers = { p50: NaN, p99: NaN };

type Took = { readonly records: number; readonly seconds: number };

async function drained(gateway: Measured): Promise<Took> {
  const from = performance.now();
  const before = await figure(gateway, 'spool_drained_total');
  while ((await figure(gateway, 'spool_records')) > 0) await pause(LOOK_MS);
  const seconds = (performance.now() - from) / 1000;
  return { records: (await figure(gateway, 'spool_drained_total')) - before, seconds };
}

async function appended(place: Place, records: readonly AppendRequest[]): Promise<Took> {
  const log = await place.openLog();
  const from = performance.now();
  for (let start = 0; start < records.length; start += BATCH.maxRecords)
    await log.append('ocpp.frames', records.slice(start, start + BATCH.maxRecords));
  const seconds = (performance.now() - from) / 1000;
  await log.close();
  return { records: records.length, seconds };
}

/** So many of those that are in the log. */
async function recordsOf(place: Place, count: number): Promise<readonly AppendRequest[]> {
  const log = await place.openReader();
  const records: AppendRequest[] = [];
  let from: Offsets = new Map();
  while (records.length < count) {
    const batch = await log.read({ topic: 'ocpp.frames', from, ...BATCH });
    if (batch.length === 0) break;
    for (const { key, attributes, value, position } of batch)
      records.push({ key, attributes, value, partition: position.partition });
    from = after(from, batch);
  }
  await log.close();
  return records.slice(0, count);
}

const figure = async (gateway: Measured, name: string) => (await figureOf(gateway, name)) ?? 0;
const answersOf = ({ p50Ms, p99Ms }: Quantiles): Answers => ({ p50: p50Ms, p99: p99Ms });
