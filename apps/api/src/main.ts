import 'reflect-metadata';
import { runtime, settingsOrExit } from '@chargeproof/config';
import { runProcess } from '@chargeproof/process';
import { AREAS_USED, startQueryProcess } from './query-process.ts';

const settings = settingsOrExit({ ...AREAS_USED, runtime });
await runProcess({
  name: 'api',
  logLevel: settings.runtime.logLevel,
  start: () => startQueryProcess(settings),
});
