import { parseArgs } from 'node:util';
import { beside, outputOf, say } from './processes.ts';
import type { ProjectionFigures } from './projection.ts';
import { relayFigures, startBench } from './relay-figures.ts';
import { wholePathFigures } from './whole-path.ts';

/**
 * `npm run bench`: the figures of the embedded profile, each a ratio against a baseline measured beside it
 * in the same run. With `--json` one document on stdout. Linux only: CPU is read from /proc.
 */
const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const bench = await startBench();
say('Relay: calls a second, recorded against bare (about two minutes)');
const relay = await relayFigures(bench);
say('Whole path: CPU from the socket to the row (about one minute)');
const path = await wholePathFigures(bench);
await Promise.all([bench.generator.stop(), bench.upstream.stop()]);
say('Projection: log to tables against bare inserts of the same rows (about two minutes)');
const projection = JSON.parse(await outputOf(beside('projection'))) as ProjectionFigures;

const figures = {
  relayRatio: relay.relayRatio,
  addedLatencyMs: relay.addedLatencyMs,
  projectionRatio: projection.projectionRatio,
  cpuRatio: path.cpuRatio,
  framesPerCpuSecond: path.framesPerCpuSecond,
  bytesOnDiskPerRawByte: path.bytesOnDiskPerRawByte,
  relay: relay.relay,
  wholePath: path.wholePath,
  projection,
};

const fixed = (value: number, digits = 2) => value.toFixed(digits);
const lines: readonly (readonly [string, string, string])[] = [
  ['relayRatio', fixed(figures.relayRatio), 'calls a second, recorded against a bare relay; wanted 0.8'],
  [
    'addedLatencyMs',
    `${fixed(figures.addedLatencyMs.p50)} / ${fixed(figures.addedLatencyMs.p99)}`,
    'p50 / p99 at a quarter of the most',
  ],
  [
    'projectionRatio',
    fixed(figures.projectionRatio),
    'frames a second, log to tables against bare inserts; wanted 0.5',
  ],
  ['cpuRatio', fixed(figures.cpuRatio), 'CPU of a bare relay against all of ours, socket to row; wanted 0.4'],
  ['framesPerCpuSecond', fixed(figures.framesPerCpuSecond, 0), 'all of ours, socket to row'],
  [
    'bytesOnDiskPerRawByte',
    `${fixed(figures.bytesOnDiskPerRawByte.log)} / ${fixed(figures.bytesOnDiskPerRawByte.tables)}`,
    'log / tables',
  ],
];

if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
else
  for (const [name, value, what] of lines)
    process.stdout.write(`${name.padEnd(22)} ${value.padStart(13)}   ${what}\n`);
