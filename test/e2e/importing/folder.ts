import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RunningCommand } from '../cli/command.ts';

/** Recordings that others wrote; a user's clone does not have them. */
export const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url));
export const TRACES = `${CORPUS}open-ocpp-trace/`;
export const KWWHAT = `${CORPUS}kwwhat/ocpp_1_6_synthetic_logs_14d.csv`;
export const hasCorpus = existsSync(KWWHAT) && existsSync(TRACES);

/** What `import --json` prints. */
export type Report = {
  readonly frames: number;
  readonly alreadyKnown: number;
  readonly notJson: number;
  readonly unreadLines: number;
  readonly calls: number;
  readonly callResults: number;
  readonly callErrors: number;
  readonly unansweredCalls: number;
  readonly orphanResponses: number;
  readonly stations: Readonly<Record<string, number>>;
};

/** Runs `import --json` to its end. */
export async function runImport(data: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new RunningCommand(['import', '--json', '--data', data, ...args])
    .finished;
  return { code, stderr, report: stdout === '' ? undefined : (JSON.parse(stdout) as Report) };
}

/** As {@link runImport}, where nothing may go wrong. @throws Error with all it said */
export async function imported(data: string, ...args: readonly string[]): Promise<Report> {
  const { code, report, stderr } = await runImport(data, ...args);
  if (code !== 0 || report === undefined) throw new Error(stderr);
  return report;
}

/** A line of an export, as far as specs look at it. */
export type Traced = {
  readonly timestamp: string;
  readonly chargePointId: string;
  readonly direction: string;
  readonly raw: string;
  readonly meta?: { readonly chargeproof: { readonly inferred?: string; readonly claimed?: string } };
};

/** Runs `export` to its end. */
export async function runExport(data: string, ...args: readonly string[]) {
  return new RunningCommand(['export', '--data', data, ...args]).finished;
}

export async function exported(data: string, ...args: readonly string[]): Promise<readonly Traced[]> {
  const { code, stdout, stderr } = await runExport(data, ...args);
  if (code !== 0) throw new Error(stderr);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Traced);
}

/** A line of a trace. */
export const trace = (timestamp: string, raw: string, station = 'CP-1', direction = 'cp-to-csms') =>
  `${JSON.stringify({ schemaVersion: '1.1', timestamp, chargePointId: station, direction, raw })}\n`;
