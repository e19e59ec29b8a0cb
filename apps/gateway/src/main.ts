import {
  api,
  centralSystem,
  data,
  effectiveSettings,
  gateway,
  kafka,
  runtime,
  settingsOrExit,
} from '@chargeproof/config';
import { runProcess } from '@chargeproof/process';
import { startIngestProcess } from './ingest-process.ts';

const areas = { gateway, centralSystem, data, kafka, api, runtime };
const settings = settingsOrExit(areas);
await runProcess({
  name: 'gateway',
  logLevel: settings.runtime.logLevel,
  settings: effectiveSettings(areas, settings),
  start: (logger) => startIngestProcess(settings, logger),
});
