import 'reflect-metadata';
import { effectiveSettings, runtime, settingsOrExit } from '@chargeproof/config';
import { runProcess } from '@chargeproof/process';
import { startExitWatchdog } from '@chargeproof/store';
import { AREAS_USED, startQueryProcess } from './query-process.ts';

/** So long a failed process may take to exit. */
const EXIT_MILLISECONDS = 3000;

const areas = { ...AREAS_USED, runtime };
const settings = settingsOrExit(areas);
await runProcess({
  name: 'api',
  // Exiting waits for what runs in chDB, with the event loop stopped: for ever, where that was what failed.
  beforeFailing: () => startExitWatchdog(EXIT_MILLISECONDS),
  logLevel: settings.runtime.logLevel,
  settings: effectiveSettings(areas, settings),
  start: (logger) => startQueryProcess(settings, logger),
});
