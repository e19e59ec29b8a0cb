import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { dataLayout, variableName } from '@chargeproof/config';
import { CommandFailed } from '../command.ts';
import { UsageError } from '../options.ts';
import { ownerOf } from '../owner.ts';
import { startProcess } from '../processes.ts';
import { answerTo, type Endpoint } from './graphql-response.ts';

const QUERY = new URL('../../../api/dist/main.js', import.meta.url);
const POLL_MILLISECONDS = 100;
/** So long without a record folded, and it is not slow but stuck. */
const PATIENCE_MILLISECONDS = 60_000;

/**
 * Asks the query process of a data folder: the one that runs, or, where the folder is at rest, one that is
 * started for this, has folded to the log's end, and is stopped again.
 * @throws UsageError for a folder without a record; StartFailed
 */
export async function askFolder<Result>(
  data: string,
  use: (endpoint: Endpoint) => Promise<Result>,
): Promise<Result> {
  const running = await ownerOf(data, 'query.json');
  if (running !== undefined) return use(running);
  if (!existsSync(dataLayout(data).log)) {
    throw new UsageError(`There is no record in ${data}: name its folder with --data DIR.`);
  }
  const started = await startProcess('api', QUERY, {
    [variableName('data', 'folder')]: data,
    [variableName('api', 'port')]: '0',
    [variableName('runtime', 'logLevel')]: 'warn',
  });
  try {
    const endpoint = (await ownerOf(data, 'query.json')) ?? started.ready;
    await untilFolded(endpoint);
    return await use(endpoint);
  } finally {
    await started.stop();
  }
}

/** The log of a folder at rest does not grow, so its end is reached. @throws CommandFailed where nothing is folded any more */
async function untilFolded(endpoint: Endpoint): Promise<void> {
  const begun = performance.now();
  let least = { lag: Number.POSITIVE_INFINITY, since: begun };
  let told = begun;
  for (;;) {
    const { platform } = await answerTo<{ platform: { lag: string | null } }>(
      endpoint,
      '{ platform { lag } }',
    );
    const lag = Number(platform.lag ?? 0);
    if (lag === 0) return;
    const now = performance.now();
    if (lag < least.lag) least = { lag, since: now };
    if (now - least.since > PATIENCE_MILLISECONDS)
      throw new CommandFailed(`Folding stopped ${lag} records before the log's end.`);
    if (process.stderr.isTTY && now - told > 1000) {
      told = now;
      process.stderr.write(`${lag} records to fold …\n`);
    }
    await pause(POLL_MILLISECONDS);
  }
}
