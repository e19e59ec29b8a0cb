import 'reflect-metadata';
import { effectiveSettings, runtime, settingsOrExit } from '@chargeproof/config';
import { runProcess } from '@chargeproof/process';
import { AREAS_USED, startQueryProcess } from './query-process.ts';

const areas = { ...AREAS_USED, runtime };
const settings = settingsOrExit(areas);
await runProcess({
  name: 'api',
  logLevel: settings.runtime.logLevel,
  settings: effectiveSettings(areas, settings),
  start: (logger) =>
    startQueryProcess(settings, (text) => {
      logger.warn(text);
    }),
});
