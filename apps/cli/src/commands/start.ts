import { api, data, gateway, settingsOrExit, variableName } from '@chargeproof/config';
import type { Command } from '../command.ts';
import { readOptions, UsageError } from '../options.ts';
import { startUnlessAsked } from '../platform.ts';
import { isFree } from '../ports.ts';
import { whenAsked } from '../signals.ts';

/** The platform on the embedded profile, until a signal. Exits with 1 when one of its processes ends by itself. */
export const start: Command = async (args) => {
  const options = readOptions(args, { data: { type: 'string' } });
  const settings = settingsOrExit({ api, data, gateway });
  if (settings.gateway.upstream === undefined) {
    throw new UsageError(
      `Set ${variableName('gateway', 'upstream')} to the CSMS to relay to, as ws://csms.example:8180/ocpp.`,
    );
  }
  await requireFree('gateway', settings.gateway.host, settings.gateway.port);
  await requireFree('api', settings.api.host, settings.api.port);
  const asked = whenAsked();
  const folder = options.data ?? settings.data.folder;
  const platform = await startUnlessAsked(asked, { data: folder, gateway: {}, api: {} });
  if (platform === undefined) return 0;
  process.stderr.write(
    [
      `Point a station at   ${platform.gateway.ready.address}/ocpp/<station>`,
      `relayed to           ${settings.gateway.upstream}/<station>`,
      `Look at              ${platform.query.ready.address}`,
      `Ask questions at     ${platform.query.ready.address}/graphql`,
      '',
    ].join('\n'),
  );
  const first = await Promise.race([asked, platform.failed]);
  await platform.stop();
  if (first === 'signal') return 0;
  process.stderr.write(`${first.name} ended by itself with ${await first.ended}; all else was stopped.\n`);
  return 1;
};

async function requireFree(area: 'gateway' | 'api', host: string, port: number): Promise<void> {
  if (port === 0 || (await isFree(host, port))) return;
  throw new UsageError(`Port ${port} of ${host} is in use; set ${variableName(area, 'port')} to another.`);
}
