import { data, gateway, runtime, settingsOrExit } from '@chargeproof/config';
import { runProcess } from '@chargeproof/process';
import { startIngestProcess } from './ingest-process.ts';

const settings = settingsOrExit({ gateway, data, runtime });
await runProcess({
  name: 'gateway',
  logLevel: settings.runtime.logLevel,
  start: (logger) => startIngestProcess(settings, logger),
});
