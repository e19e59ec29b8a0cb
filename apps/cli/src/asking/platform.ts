import { api, apiToken, data, kafka, settingsOrExit, store, variableName } from '@chargeproof/config';
import { CommandFailed } from '../command.ts';
import { UsageError } from '../options.ts';
import { ownerOf } from '../owner.ts';
import type { Endpoint } from './graphql-response.ts';
import { askFolder } from './query-process.ts';

const PATIENCE_MILLISECONDS = 5000;

/** Of every command that asks a platform. */
export const ASKED_OPTIONS = {
  api: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const;
/** Of one that decides something, besides: whose it is, who decides it and why. */
export const DECIDING_OPTIONS = {
  ...ASKED_OPTIONS,
  tenant: { type: 'string' },
  actor: { type: 'string' },
  reason: { type: 'string' },
} as const;

/** As the options say: a folder, or an API by its address. */
export type Asked = { readonly data?: string | undefined; readonly api?: string | undefined };

/**
 * Asks the platform: the API at an address that is given; else of a folder; and where the settings name brokers or a
 * server's tables, which belong to no folder, the API that the settings name.
 * @throws UsageError, StartFailed; CommandFailed where nobody answers
 */
export async function askPlatform<Result>(
  asked: Asked,
  use: (endpoint: Endpoint) => Promise<Result>,
): Promise<Result> {
  const settings = settingsOrExit({ api, data, kafka, store });
  if (asked.api !== undefined) return use(await answering(addressNamed(asked.api), settings.api));
  const folder = asked.data ?? settings.data.folder;
  const isCluster = settings.store.url !== undefined || settings.kafka.brokers.length > 0;
  if (asked.data !== undefined || !isCluster) return askFolder(folder, use);
  const { host, port } = settings.api;
  const address = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
  return use((await ownerOf(folder, 'query.json')) ?? (await answering(address, settings.api)));
}

function addressNamed(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text.replace(/\/(graphql\/?)?$/, '');
  throw new UsageError(`--api takes the address of an API, as http://127.0.0.1:4000, not "${text}"`);
}

async function answering(address: string, settings: Parameters<typeof apiToken>[0]): Promise<Endpoint> {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  const isThere = await fetch(`${address}/healthz`, { signal }).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    throw new CommandFailed(
      `no API answers at ${address}: set ${variableName('api', 'host')} and ${variableName('api', 'port')} to where it listens, or name it with --api URL`,
    );
  }
  const token = tokenOf(settings);
  return token === undefined ? { address } : { address, token };
}

function tokenOf(settings: Parameters<typeof apiToken>[0]): string | undefined {
  try {
    return apiToken(settings);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
