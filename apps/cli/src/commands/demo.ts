import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { api, gateway, runtime, settingsOrExit, type SettingsOf, variableName } from '@chargeproof/config';
import { Ledger, startCentralSystem } from '@chargeproof/simulator';
import type { Command } from '../command.ts';
import { createFleet, type Fleet } from '../fleet.ts';
import { readOptions } from '../options.ts';
import { type Platform, startUnlessAsked } from '../platform.ts';
import { isFree, nextFreePort } from '../ports.ts';
import { countFrames, type FrameCounts, whenRecorded } from '../recorded.ts';
import { whenAsked } from '../signals.ts';

const DATA = '.chargeproof/demo';
/** Short enough that a person sees the recorder's own heartbeat. */
const TICK_SECONDS = '5';
const HEARTBEAT_SECONDS = 60;

/**
 * A simulated fleet, relayed to a simulated CSMS, every frame recorded on the way. Runs until a signal, or
 * with `--once` one visit a connector, and then compares the record with what both sides say they sent.
 */
export const demo: Command = async (args) => {
  const options = readOptions(args, {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    data: { type: 'string', default: DATA },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
  });
  const asked = whenAsked();
  const ledger = new Ledger();
  const central = await startCentralSystem({ ledger, now: Date.now, heartbeatSeconds: HEARTBEAT_SECONDS });
  try {
    const platform = await startOnFreePorts(asked, options.data, central.url);
    if (platform === undefined) return 0;
    say(`Recorder   ${platform.gateway.ready.address}/ocpp/<station>  →  ${central.url}/<station>`);
    say(`Look       ${platform.query.ready.address}`);
    say(`Questions  ${platform.query.ready.address}/graphql`);
    say(`Record     ${options.data}   (seed ${options.seed})`);
    return await play({ ...options, platform, ledger, asked });
  } finally {
    await central.close();
  }
};

type Play = {
  readonly once: boolean;
  readonly json: boolean;
  readonly seed: string;
  readonly platform: Platform;
  readonly ledger: Ledger;
  readonly asked: Promise<'signal'>;
};

/** The fleet's whole stay, and the platform's end. */
async function play({ platform, ledger, asked, ...options }: Play): Promise<number> {
  const fleet = createFleet(`${platform.gateway.ready.address}/ocpp`, ledger, options.seed);
  try {
    const ran = options.once ? once(fleet, platform, ledger) : untilAsked(fleet, platform, ledger);
    const first = await Promise.race([ran, asked, platform.failed]);
    if (first === 'signal') return 0;
    if ('ended' in first) {
      say(`${first.name} ended by itself with ${await first.ended}.`);
      return 1;
    }
    report(first, platform.gateway.ready.run, options.json);
    return sameCounts(first, ledger) ? 0 : 1;
  } finally {
    await fleet.disconnect();
    await platform.stop();
  }
}

/** Between a look for a free port and its use another demo may take it: then the next ones are tried. */
async function startOnFreePorts(
  asked: Promise<'signal'>,
  data: string,
  upstream: string,
): Promise<Platform | undefined> {
  const settings = settingsOrExit({ api, gateway, runtime });
  for (;;) {
    const ports = {
      gateway: await nextFreePort(settings.gateway.host, settings.gateway.port),
      api: await nextFreePort(settings.api.host, settings.api.port),
    };
    try {
      return await startUnlessAsked(asked, { data, ...demoSettings(settings, ports, upstream) });
    } catch (error) {
      const areFree = await Promise.all([
        isFree(settings.gateway.host, ports.gateway),
        isFree(settings.api.host, ports.api),
      ]);
      if (areFree.every((free) => free)) throw error;
      say('A port was taken meanwhile: trying the next.');
    }
  }
}

type DemoSettings = SettingsOf<{ api: typeof api; gateway: typeof gateway; runtime: typeof runtime }>;
type Ports = { readonly gateway: number; readonly api: number };

function demoSettings(settings: DemoSettings, ports: Ports, upstream: string) {
  const port = (area: 'api' | 'gateway') => ({ [variableName(area, 'port')]: String(ports[area]) });
  // The demo speaks itself: what its processes say at the usual level would drown it.
  const level = settings.runtime.logLevel === 'info' ? 'warn' : settings.runtime.logLevel;
  const quiet = { [variableName('runtime', 'logLevel')]: level };
  return {
    gateway: {
      ...quiet,
      ...port('gateway'),
      [variableName('gateway', 'upstream')]: upstream,
      [variableName('gateway', 'tickSeconds')]: TICK_SECONDS,
    },
    api: { ...quiet, ...port('api') },
  };
}

/** One visit on every connector, then the count of what the store shows of this run. */
async function once(fleet: Fleet, platform: Platform, ledger: Ledger): Promise<FrameCounts> {
  await fleet.connect();
  say('The fleet has booted.');
  await fleet.charge();
  await fleet.disconnect();
  const sent = sum(ledger.sentByStation());
  say(`${sent} frames sent; waiting until the store shows them.`);
  return whenRecorded(platform.query.ready.address, platform.gateway.ready.run, sent);
}

/** Visits for ever, a line of progress after each round. */
async function untilAsked(fleet: Fleet, platform: Platform, ledger: Ledger): Promise<never> {
  await fleet.connect();
  for (let round = 1; ; round++) {
    await fleet.charge();
    await fleet.rest();
    const { total } = await countFrames(platform.query.ready.address, platform.gateway.ready.run);
    say(`round ${round}: ${sum(ledger.sentByStation())} frames sent, ${total} shown by the store`);
    await pause(0);
  }
}

function report(counts: FrameCounts, run: string | undefined, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ run, frames: counts })}\n`);
    return;
  }
  process.stdout.write(`Run ${run ?? ''}: ${counts.total} frames\n`);
  for (const [station, frames] of Object.entries(counts.byStation))
    process.stdout.write(`  ${station}  ${frames}\n`);
}

/** Whether the store shows exactly what both sides say they sent, station by station. */
function sameCounts({ byStation }: FrameCounts, ledger: Ledger): boolean {
  const sent = [...ledger.sentByStation()];
  const wrong = sent.filter(([station, frames]) => byStation[station] !== frames);
  for (const [station, frames] of wrong)
    say(`${station} sent and got ${frames} frames; the store shows ${byStation[station] ?? 0}.`);
  return wrong.length === 0 && sent.length === Object.keys(byStation).length;
}

const sum = (counts: ReadonlyMap<string, number>) =>
  [...counts.values()].reduce((total, count) => total + count, 0);
const say = (line: string) => process.stderr.write(`${line}\n`);
