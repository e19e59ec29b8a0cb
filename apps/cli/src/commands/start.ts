import {
  api,
  data,
  gateway,
  kafka,
  projector,
  settingsOrExit,
  store,
  variableName,
} from '@chargeproof/config';
import type { Command } from '../command.ts';
import { readOptions, UsageError } from '../options.ts';
import { inFolder, type Platform, startUnlessAsked } from '../platform.ts';
import { isFree } from '../ports.ts';
import { whenAsked } from '../signals.ts';
import { whereToGo } from '../where-to-go.ts';

/**
 * The platform on this machine, on the log and the tables that the settings name, until a signal. A process that ends by
 * itself is started again; where the gateway cannot be, it exits with 1.
 */
export const start: Command = async (args) => {
  const options = readOptions(args, { data: { type: 'string' } });
  const settings = settingsOrExit({ api, data, gateway, kafka, projector, store });
  const hasServer = settings.store.url !== undefined;
  for (const area of ['gateway', 'api', ...(hasServer ? (['projector'] as const) : [])] as const)
    await requireFree(area, settings[area]);
  const asked = whenAsked();
  const folder = options.data ?? settings.data.folder;
  const platform = await startUnlessAsked(asked, {
    hasServer,
    drainSeconds: settings.gateway.drainSeconds,
    restarting: say,
    common: inFolder(folder),
  });
  if (platform === undefined) return 0;
  process.stderr.write(whereToGo(settings, { ...addressesOf(platform), folder }));
  const first = await Promise.race([asked, platform.failed]);
  await platform.stop();
  if (first === 'signal') return 0;
  say(`The ${first.name} cannot be started again; the lines above say why. All else was stopped.`);
  return 1;
};

const say = (line: string) => process.stderr.write(`${line}\n`);

const addressesOf = ({ gateway, query }: Platform) => ({
  stations: gateway.ready.address,
  questions: query.ready.address,
});

type Listener = { readonly host: string; readonly port: number };

async function requireFree(area: 'gateway' | 'projector' | 'api', { host, port }: Listener): Promise<void> {
  if (port === 0 || (await isFree(host, port))) return;
  throw new UsageError(`Port ${port} of ${host} is in use; set ${variableName(area, 'port')} to another.`);
}
