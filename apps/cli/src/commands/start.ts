import { api, data, gateway, settingsOrExit, variableName } from '@chargeproof/config';
import type { Command } from '../command.ts';
import { readOptions, UsageError } from '../options.ts';
import { type Platform, startUnlessAsked } from '../platform.ts';
import { isFree } from '../ports.ts';
import { whenAsked } from '../signals.ts';
import { whereToGo } from '../where-to-go.ts';

/** The platform on the embedded profile, until a signal. Exits with 1 when one of its processes ends by itself. */
export const start: Command = async (args) => {
  const options = readOptions(args, { data: { type: 'string' } });
  const settings = settingsOrExit({ api, data, gateway });
  await requireFree('gateway', settings.gateway.host, settings.gateway.port);
  await requireFree('api', settings.api.host, settings.api.port);
  const asked = whenAsked();
  const folder = options.data ?? settings.data.folder;
  const platform = await startUnlessAsked(asked, { data: folder, gateway: {}, api: {} });
  if (platform === undefined) return 0;
  process.stderr.write(whereToGo(settings, addressesOf(platform)));
  const first = await Promise.race([asked, platform.failed]);
  await platform.stop();
  if (first === 'signal') return 0;
  process.stderr.write(`${first.name} ended by itself with ${await first.ended}; all else was stopped.\n`);
  return 1;
};

const addressesOf = ({ gateway, query }: Platform) => ({
  stations: gateway.ready.address,
  questions: query.ready.address,
});

async function requireFree(area: 'gateway' | 'api', host: string, port: number): Promise<void> {
  if (port === 0 || (await isFree(host, port))) return;
  throw new UsageError(`Port ${port} of ${host} is in use; set ${variableName(area, 'port')} to another.`);
}
