import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { apiToken } from '@chargeproof/config';
import { type CentralSystem, elCsms, Ledger, seeded, startCentralSystem } from '@chargeproof/simulator';
import type { Endpoint } from '../asking/graphql-response.ts';
import type { Command } from '../command.ts';
import { compare } from '../demo/compare.ts';
import { createFleet, type Fleet } from '../demo/fleet.ts';
import { demoSettings, startOnFreePorts } from '../demo/own-platform.ts';
import { countFrames, whenRecorded } from '../demo/recorded.ts';
import { reportJson, reportText } from '../demo/report.ts';
import { readOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { whenAsked } from '../signals.ts';
import { whereRecordLies, whereTablesLie } from '../where-it-lies.ts';

const DATA = '.chargeproof/demo';
const HEARTBEAT_SECONDS = 60;

/**
 * The five certified devices: four stations, relayed to EL-CSMS, every frame recorded on the way. In about
 * two minutes they play their scripts; then what the API says of it is compared with what the simulation
 * knows. Goes on until a signal, or with `--once` ends: with 1 where the two differ.
 */
export const demo: Command = async (args) => {
  const options = readOptions(args, {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    data: { type: 'string', default: DATA },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    pace: { type: 'string', default: '1' },
    'plant-wh': { type: 'string', default: '0' },
  });
  const pace = numberOf('pace', options.pace);
  const plantWh = numberOf('plant-wh', options['plant-wh']);
  if (pace <= 0) throw new UsageError("Option '--pace' is how many times as fast, as 2");
  const settings = demoSettings();
  const asked = whenAsked();
  const ledger = new Ledger();
  const central = await startCentralSystem({
    ledger,
    now: Date.now,
    pause,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    profile: elCsms,
    random: seeded(options.seed).fork(elCsms.name),
  });
  try {
    const own = { folder: options.data, pace, upstream: central.url };
    const platform = await startOnFreePorts(asked, settings, own, say);
    if (platform === undefined) return 0;
    say(
      `Recorder   ${platform.gateway.ready.address}/ocpp/<station>  →  ${central.url}/<station> (${elCsms.name})`,
    );
    say(`Look       ${platform.query.ready.address}`);
    say(`Questions  ${platform.query.ready.address}/graphql`);
    say(`Record     ${whereRecordLies(settings, options.data)}   (seed ${options.seed})`);
    say(`Tables     ${whereTablesLie(settings, options.data)}`);
    const token = apiToken(settings.api);
    const questions = { ...platform.query.ready, ...(token !== undefined && { token }) };
    return await play({ ...options, pace, plantWh, platform, questions, ledger, central, asked });
  } finally {
    await central.close();
  }
};

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new UsageError(`Option '--${option}' is a number, not "${text}"`);
}

type Show = {
  readonly once: boolean;
  readonly json: boolean;
  readonly seed: string;
  readonly pace: number;
  /** Wh that the ledger is made to hold too many: to see that the comparison finds them. */
  readonly plantWh: number;
  readonly platform: Platform;
  /** Where the API answers, and the token that it asks for, where it does. */
  readonly questions: Endpoint;
  readonly ledger: Ledger;
  readonly central: CentralSystem;
};

/** The fleet's whole stay, and the platform's end. */
async function play({ asked, ...show }: Show & { readonly asked: Promise<'signal'> }): Promise<number> {
  const { platform, ledger, central, seed, pace } = show;
  const url = `${platform.gateway.ready.address}/ocpp`;
  const fleet = createFleet({ url, ledger, central, seed, pace });
  const ran = perform(fleet, show);
  try {
    const first = await Promise.race([ran, asked, platform.failed]);
    if (first === 'signal') return 0;
    if (typeof first === 'number') return first;
    say(`${first.name} ended by itself with ${await first.ended}.`);
    return 1;
  } finally {
    // What it is in the middle of fails when its stations go: that was asked for.
    ran.catch(() => undefined);
    await fleet.disconnect();
    await platform.stop();
  }
}

/** The scripts, the report and, without `--once`, rounds for ever. @returns the exit code */
async function perform(fleet: Fleet, show: Show): Promise<number> {
  const differences = await firstAct(fleet, show);
  for (const difference of differences) say(difference);
  say(
    differences.length === 0
      ? 'Every figure is as the simulation knows it.'
      : `${differences.length} figures differ from what the simulation knows.`,
  );
  if (show.once) return differences.length === 0 ? 0 : 1;
  say(`Look at ${show.platform.query.ready.address}; the fleet goes on until Ctrl-C.`);
  return untilAsked(fleet, show);
}

/** Two minutes of the fleet, and what the platform makes of them. @returns where that differs from the truth */
async function firstAct(
  fleet: Fleet,
  { platform, questions, ledger, json, plantWh }: Show,
): Promise<readonly string[]> {
  const begun = Date.now();
  await fleet.connect();
  const from = Date.now();
  say('The fleet has booted; it charges, reports and goes offline now.');
  const progress = setInterval(() => {
    say(`  ${sum(ledger.sentByStation())} frames, ${ledger.transactions.length} transactions so far`);
  }, PROGRESS_MILLISECONDS).unref();
  await fleet.play().finally(() => {
    clearInterval(progress);
  });
  const period = { from, to: Date.now() };
  const sent = ledger.sentByStation();
  say(`${sum(sent)} frames sent; waiting until the store shows them.`);
  const figures = await whenRecorded(questions, {
    run: platform.gateway.ready.run,
    sent,
    period: { begun: utc(begun), from: utc(period.from), to: utc(period.to) },
  });
  process.stdout.write(json ? reportJson(figures) : reportText(figures));
  const [first] = ledger.transactions;
  if (first !== undefined) first.energyWh += plantWh;
  return compare(figures, ledger, period);
}

const PROGRESS_MILLISECONDS = 10_000;
const utc = (milliseconds: number) => new Date(milliseconds).toISOString();

/** Visits for ever, a line of progress after each round. */
async function untilAsked(fleet: Fleet, { platform, questions, ledger }: Show): Promise<never> {
  for (let round = 1; ; round++) {
    await fleet.visit();
    const { total } = await countFrames(questions, platform.gateway.ready.run);
    say(`round ${round}: ${sum(ledger.sentByStation())} frames sent, ${total} shown by the store`);
  }
}

const sum = (counts: ReadonlyMap<string, number>) =>
  [...counts.values()].reduce((total, count) => total + count, 0);
const say = (line: string) => process.stderr.write(`${line}\n`);
