import { data, kafka, settingsOrExit, variableName } from '@chargeproof/config';
import { KeyringUnusable, readSealingRules } from '@chargeproof/keyring';
import { LogFailed, LogFull } from '@chargeproof/log';
import { DEFAULT_TENANT } from '@chargeproof/record';
import { RECORDING_FORMATS, type RecordingFormat, type Zone, zoneOf } from '@chargeproof/recordings';
import { brokersOf } from '../brokers.ts';
import type { Command } from '../command.ts';
import { ImportFailed } from '../importing/import-failed.ts';
import { importFiles, type ImportReport } from '../importing/import-files.ts';
import { lockImports } from '../importing/import-lock.ts';
import { sayOn } from '../importing/say.ts';
import { readCommandLine, UsageError } from '../options.ts';

/**
 * Appends what recordings hold to the record of a data folder, at rest or with the platform running, or to the log
 * on Kafka where its brokers are set. What
 * is there already is not added again. Exits with 1 where a file could not be opened or the log takes no more.
 */
export const importCommand: Command = async (args) => {
  const { options, positionals: files } = readCommandLine(args, {
    data: { type: 'string' },
    format: { type: 'string' },
    json: { type: 'boolean', default: false },
    station: { type: 'string' },
    tenant: { type: 'string', default: DEFAULT_TENANT },
    zone: { type: 'string', default: 'UTC' },
  });
  if (files.length === 0) throw new UsageError('import takes files: npx chargeproof import FILE…');
  const format = options.format === undefined ? undefined : formatNamed(options.format);
  const zone = zoneNamed(options.zone);
  const settings = settingsOrExit({ data, kafka });
  const folder = options.data ?? settings.data.folder;
  const brokers = brokersOf(settings.kafka);
  const say = sayOn(process.stderr);
  try {
    const rules = readSealingRules(settings.data.sealingRules, variableName('data', 'sealingRules'));
    const unlock = lockImports(folder);
    const importedAt = Date.now() * 1000;
    const { tenant, station } = options;
    const where = { folder, kafka: brokers };
    const importing = importFiles(files, { ...where, tenant, station, format, zone, importedAt, rules, say });
    const { report, isComplete } = await importing.finally(unlock);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : summaryOf(report));
    return isComplete ? 0 : 1;
  } catch (error) {
    if (!isTold(error)) throw error;
    say.line(error.message);
    return 1;
  }
};

const TOLD = [ImportFailed, KeyringUnusable, LogFailed, LogFull];
const isTold = (error: unknown): error is Error => TOLD.some((kind) => error instanceof kind);

function formatNamed(name: string): RecordingFormat {
  const format = RECORDING_FORMATS.find((each) => each === name);
  if (format !== undefined) return format;
  throw new UsageError(`"${name}" is no format that is read; there are: ${RECORDING_FORMATS.join(', ')}`);
}

function zoneNamed(name: string): Zone {
  const zone = zoneOf(name);
  if (zone !== undefined) return zone;
  throw new UsageError(`"${name}" is no time zone; one is UTC, +01:00 or Europe/Berlin`);
}

function summaryOf({ frames, alreadyKnown, notJson, unreadLines, stations }: ImportReport): string {
  const parts = [
    `${frames} frames added`,
    `${alreadyKnown} known already`,
    `${Object.keys(stations).length} stations`,
    ...(notJson > 0 ? [`${notJson} frames are no JSON`] : []),
    ...(unreadLines > 0 ? [`${unreadLines} lines gave no frame`] : []),
  ];
  return `${parts.join(', ')}\n`;
}
