import { data, dataLayout, kafka, type KafkaConnection, settingsOrExit } from '@chargeproof/config';
import { KeyringUnusable, readKeyring } from '@chargeproof/keyring';
import { LogFailed, type LogReader } from '@chargeproof/log';
import { openSqliteLogReader } from '@chargeproof/log-sqlite';
import { DEFAULT_TENANT, type SealingKeys } from '@chargeproof/record';
import { brokersOf } from '../brokers.ts';
import type { Command } from '../command.ts';
import { exportRecords, exportTrace } from '../exporting/export-log.ts';
import type { Wanted } from '../exporting/log-scan.ts';
import { Output } from '../exporting/output.ts';
import { readOptions, UsageError } from '../options.ts';
import { timeIn } from '../times.ts';

const FORMATS = ['open-ocpp-trace', 'record'] as const;

/**
 * Writes the record of a data folder, or of the log on Kafka where its brokers are set, on stdout, and nothing else
 * there. It reads the log, so the platform may run meanwhile; what comes after the command began is not in it.
 */
export const exportCommand: Command = async (args) => {
  const options = readOptions(args, {
    data: { type: 'string' },
    format: { type: 'string', default: FORMATS[0] },
    from: { type: 'string' },
    station: { type: 'string', multiple: true },
    tenant: { type: 'string' },
    to: { type: 'string' },
  });
  const format = FORMATS.find((each) => each === options.format);
  if (format === undefined) {
    throw new UsageError(
      `"${options.format}" is no format that is written; there are: ${FORMATS.join(', ')}`,
    );
  }
  const wanted: Wanted = {
    ...(options.tenant !== undefined && { tenant: options.tenant }),
    ...(options.station !== undefined && {
      tenant: options.tenant ?? DEFAULT_TENANT,
      stations: options.station,
    }),
    ...(options.from !== undefined && { from: timeIn('from', options.from) }),
    ...(options.to !== undefined && { to: timeIn('to', options.to) }),
  };
  const settings = settingsOrExit({ data, kafka });
  const folder = options.data ?? settings.data.folder;
  const brokers = brokersOf(settings.kafka);
  return (await orTold(() => exportLog({ folder, brokers }, format, wanted))) ? 0 : 1;
};

/** The folder is where the key file is, and the log where no brokers hold it. */
type Where = { readonly folder: string; readonly brokers: KafkaConnection | undefined };

async function openLog({ folder, brokers }: Where): Promise<LogReader> {
  if (brokers === undefined) return openSqliteLogReader({ folder: dataLayout(folder).log });
  // Loaded only here: a folder's own log needs no Kafka client.
  const { openKafkaLogReader } = await import('@chargeproof/log-kafka');
  return openKafkaLogReader(brokers, { mustBeThere: true });
}

async function exportLog(where: Where, format: (typeof FORMATS)[number], wanted: Wanted): Promise<void> {
  const log = await openLog(where);
  const output = new Output(process.stdout);
  try {
    if (format === 'record') await writeRecordsOf(log, wanted, output);
    else
      await writeTraceOf(
        log,
        await keysIn(dataLayout(where.folder).keys),
        { tenant: DEFAULT_TENANT, ...wanted },
        output,
      );
  } finally {
    await log.close();
  }
}

async function writeRecordsOf(...[log, wanted, output]: Parameters<typeof exportRecords>): Promise<void> {
  const records = await exportRecords(log, wanted, output);
  if (!output.isClosed) say(`${records} records`);
}

async function writeTraceOf(...asked: Parameters<typeof exportTrace>): Promise<void> {
  const { frames, notHeld, sealed, reasons } = await exportTrace(...asked);
  const [, , , output] = asked;
  if (output.isClosed) return;
  say(`${frames} frames`);
  if (notHeld > 0)
    say(`${notHeld} frames left out: a trace holds OCPP messages only; --format record has them`);
  if (sealed > 0) say(`${sealed} frames keep stand-ins in place of sealed values: their key is gone`);
  for (const reason of reasons) say(reason);
}

/** Without them all is exported but what they open. */
async function keysIn(folder: string): Promise<SealingKeys | undefined> {
  try {
    return await readKeyring(folder);
  } catch (error) {
    if (!(error instanceof KeyringUnusable)) throw error;
    say(error.message);
    return undefined;
  }
}

async function orTold(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof LogFailed)) throw error;
    say(error.message);
    return false;
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
