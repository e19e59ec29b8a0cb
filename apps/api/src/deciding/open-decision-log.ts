import { dataLayout, kafkaConnection, variableName } from '@chargeproof/config';
import { KeyringUnusable, readKeyring, readSealingRules } from '@chargeproof/keyring';
import { type AppendRequest, type Log, LogFailed } from '@chargeproof/log';
import { openKafkaLog } from '@chargeproof/log-kafka';
import { readOwnerFile } from '@chargeproof/process';
import { writeRecord } from '@chargeproof/recordings';
import type { QuerySettings } from '../query-process.ts';
import { CannotDecide, type DecisionLog } from './decision-log.ts';

type Settings = Pick<QuerySettings, 'data' | 'kafka'>;

/**
 * The log of the settings, for decisions: on Kafka it is opened when the first is made; in a data folder
 * through the gateway that owns it.
 */
export function openDecisionLog({ data, kafka }: Settings, onTrouble: (line: string) => void): DecisionLog {
  const keys = () => readKeys(dataLayout(data.folder).keys);
  const rules = readSealingRules(data.sealingRules, variableName('data', 'sealingRules'));
  if (kafka.brokers.length === 0) {
    return {
      keys,
      rules,
      append: (records) => tellOwner(data.folder, records),
      close: () => Promise.resolve(),
    };
  }
  let opening: Promise<Log> | undefined;
  const opened = () => {
    opening ??= openKafkaLog({ ...kafkaConnection(kafka), onTrouble });
    opening.catch(() => (opening = undefined));
    return opening;
  };
  const letGo = () => {
    const log = opening;
    opening = undefined;
    log?.then((failed) => failed.close()).catch(() => undefined);
  };
  return {
    keys,
    rules,
    append: async (records) => {
      try {
        await (await opened()).append('platform.decisions', records);
      } catch (error) {
        // Such a log takes nothing more: the next decision opens another.
        if (error instanceof LogFailed) letGo();
        throw new CannotDecide(`the log does not take it: ${messageOf(error)}`, { cause: error });
      }
    },
    close: async () => {
      await (await opening)?.close();
    },
  };
}

async function readKeys(folder: string) {
  try {
    return await readKeyring(folder);
  } catch (error) {
    if (!(error instanceof KeyringUnusable)) throw error;
    const fix = `give this process the gateway's key file, in ${variableName('data', 'folder')}`;
    throw new CannotDecide(`tags and secrets in it could not be sealed: ${error.message}; ${fix}`, {
      cause: error,
    });
  }
}

/** The file is read anew each time: a gateway that was restarted listens elsewhere. */
async function tellOwner(folder: string, records: readonly AppendRequest[]): Promise<void> {
  const owner = readOwnerFile(folder, 'ingest.json');
  if (owner === undefined) throw new CannotDecide(`no gateway runs on ${folder}: start it first`);
  const headers = { authorization: `Bearer ${owner.token}`, 'content-type': 'application/jsonl' };
  const body = records.map(writeRecord).join('');
  const url = `${owner.address}/decisions`;
  const response = await fetch(url, { method: 'POST', headers, body }).catch((error: unknown) => {
    throw new CannotDecide(`the gateway of ${folder} does not answer: start it first`, { cause: error });
  });
  const { error } = (await response.json().catch(() => ({}))) as { readonly error?: string };
  if (!response.ok) throw new CannotDecide(`the log does not take it: ${error ?? `HTTP ${response.status}`}`);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
