import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { busyCores } from './cpu.ts';
import type { BenchDocument, Figures } from './document.ts';
import { type Ends, startBare, startEnds } from './ends.ts';
import { bestStations } from './figures/best-rate.ts';
import { type Section, SECTIONS, type Stand } from './figures/index.ts';
import { say } from './processes.ts';
import { type Profile, type ProfileName, PROFILES } from './profiles/index.ts';
import { tableOf } from './table.ts';

/**
 * `npm run bench`: the figures of both profiles, each ratio against a baseline measured beside it in the same run.
 * Linux only: CPU is read from /proc.
 *
 *   --only NAME,…      these sections alone: see `SECTIONS`
 *   --profile NAME,…   embedded, kafka
 *   --frames N         in the log when a process is killed: a million
 *   --json             one document on stdout, in place of the table
 *   --from FILE        measures nothing: the table of a document
 */
const options = optionsOrExit();

function optionsOrExit() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        profile: { type: 'string' },
        frames: { type: 'string', default: '1000000' },
        json: { type: 'boolean', default: false },
        from: { type: 'string' },
      },
    });
    return values;
  } catch (error) {
    return misused(wordsOf(error));
  }
}

function misused(words: string): never {
  say(words);
  process.exit(2);
}

function chosen<Name extends string>(option: string | undefined, names: readonly Name[]): readonly Name[] {
  const asked = option?.split(',') ?? names;
  const unknown = asked.filter((name) => !names.some((known) => known === name));
  if (unknown.length > 0) misused(`there is no ${unknown.join(', ')}, but ${names.join(', ')}`);
  return names.filter((name) => asked.includes(name));
}

async function measure(
  sections: readonly Section[],
  profiles: readonly ProfileName[],
): Promise<BenchDocument> {
  const begun = performance.now();
  const from = new Date().toISOString();
  const ends = await startEnds();
  const bareStations = once(() => bestOfBare(ends));
  const framesInLog = Number(options.frames);
  const busy: number[] = [];
  const figures: Partial<Record<ProfileName, Figures | { readonly missing: string }>> = {};
  for (const name of profiles) {
    const asked = sections.filter((section) => section.profiles.includes(name));
    figures[name] = await onProfile(name, (profile) =>
      run(asked, { profile, ends, bareStations, framesInLog }, busy),
    );
  }
  await ends.stop();
  const { embedded, kafka } = figures;
  return {
    machine: {
      from,
      minutes: (performance.now() - begun) / 60_000,
      node: process.versions.node,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      othersBusyCores: Math.max(0, ...busy),
    },
    ...embedded,
    ...(kafka && { kafka }),
  };
}

async function onProfile(
  name: ProfileName,
  measured: (profile: Profile) => Promise<Figures>,
): Promise<Figures | { readonly missing: string }> {
  const profile = await PROFILES[name]().catch((error: unknown) => wordsOf(error));
  if (typeof profile === 'string') {
    say(`${name}: not measured, because ${profile}`);
    return { missing: profile };
  }
  try {
    return await measured(profile);
  } finally {
    await profile.stop();
  }
}

/** What one section cannot measure, the others do. */
async function run(sections: readonly Section[], stand: Stand, busy: number[]): Promise<Figures> {
  let figures: Figures = {};
  const failed: Record<string, string> = {};
  for (const { name, about, measure } of sections) {
    busy.push(await busyCores(QUIET_MS));
    say(`${stand.profile.name}, ${name}: ${about} (others keep ${busy.at(-1)?.toFixed(2)} cores busy)`);
    const from = performance.now();
    try {
      figures = { ...figures, ...(await measure(stand)) };
      say(`  took ${((performance.now() - from) / 1000).toFixed(0)} s`);
    } catch (error) {
      failed[name] = wordsOf(error);
      say(`  not measured: ${failed[name]}`);
    }
  }
  return Object.keys(failed).length === 0 ? figures : { ...figures, failed };
}

/** How long what others do is looked at before a section. */
const QUIET_MS = 2000;

async function bestOfBare(ends: Ends): Promise<number> {
  const bare = await startBare(ends);
  try {
    return await bestStations(ends, bare, 'bare');
  } finally {
    await bare.stop();
  }
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const names = chosen(
  options.only,
  SECTIONS.map(({ name }) => name),
);
const document =
  options.from === undefined
    ? await measure(
        SECTIONS.filter(({ name }) => names.includes(name)),
        chosen(options.profile, Object.keys(PROFILES) as ProfileName[]),
      )
    : (JSON.parse(readFileSync(options.from, 'utf8')) as BenchDocument);
process.stdout.write(options.json ? `${JSON.stringify(document)}\n` : tableOf(document));
const profiles = [document, document.kafka].map((figures) => figures ?? {});
if (profiles.some((figures) => 'failed' in figures)) process.exitCode = 1;
