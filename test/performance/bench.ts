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

if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
else process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
