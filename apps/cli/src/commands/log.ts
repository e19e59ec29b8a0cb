import { data, dataLayout, kafka, settingsOrExit, variableName } from '@chargeproof/config';
import { type Log, LogFailed, LogFull, LogOwned } from '@chargeproof/log';
import { openSqliteLog, openSqliteLogReader } from '@chargeproof/log-sqlite';
import { brokersOf } from '../brokers.ts';
import type { Command } from '../command.ts';
import { MoveFailed } from '../moving/move-failed.ts';
import { moveLog, type MoveReport } from '../moving/move-log.ts';
import { readCommandLine, UsageError } from '../options.ts';

const CALL = 'npx chargeproof log move --data DIR --to kafka';

/**
 * Copies the log of a data folder at rest into Kafka, and compares the two. The folder stays as it was, and
 * its key file is needed beside the gateway that goes on from there. Exits with 1 where it cannot be moved.
 */
export const log: Command = async (args) => {
  const { options, positionals } = readCommandLine(args, {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    to: { type: 'string' },
  });
  if (positionals.join(' ') !== 'move') throw new UsageError(`log takes "move": ${CALL}`);
  if (options.to !== 'kafka') throw new UsageError(`log move takes --to kafka: ${CALL}`);
  const settings = settingsOrExit({ data, kafka });
  const brokers = brokersOf(settings.kafka);
  if (brokers === undefined) {
    throw new UsageError(`set ${variableName('kafka', 'brokers')} to the brokers that are to hold the log`);
  }
  const folder = options.data ?? settings.data.folder;
  try {
    const report = await moveFolder(dataLayout(folder).log, async () => {
      // Loaded only here: no other command needs a Kafka client.
      const { openKafkaLog } = await import('@chargeproof/log-kafka');
      return openKafkaLog(brokers);
    });
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : summaryOf(report));
    say(`The key file in ${dataLayout(folder).keys} opens what is sealed: give it to the gateway, too.`);
    return 0;
  } catch (error) {
    if (!isTold(error)) throw error;
    say(error.message);
    return 1;
  }
};

/** Holds the folder meanwhile, so that nobody adds to it. */
async function moveFolder(folder: string, openTarget: () => Promise<Log>): Promise<MoveReport> {
  // To own a log makes one where there is none: that there is one is found out before.
  await (await openSqliteLogReader({ folder })).close();
  const source = await openSqliteLog({ folder });
  try {
    const target = await openTarget();
    try {
      return await moveLog(source, target, showOn(process.stderr));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

const TOLD = [LogFailed, LogFull, LogOwned, MoveFailed];
const isTold = (error: unknown): error is Error => TOLD.some((kind) => error instanceof kind);

const summaryOf = (report: MoveReport) =>
  Object.entries(report)
    .map(
      ([topic, { records, copied, digest }]) =>
        `${topic}: ${records} records, ${copied} copied now, ${digest}\n`,
    )
    .join('');

const STEP_MILLISECONDS = 1000;

/** Where a person looks: a line a second. */
function showOn(stream: NodeJS.WriteStream): (records: number) => void {
  let shown = performance.now();
  return (records) => {
    if (!stream.isTTY || performance.now() - shown < STEP_MILLISECONDS) return;
    shown = performance.now();
    stream.write(`${records} records copied …\n`);
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
