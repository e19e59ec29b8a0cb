import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { after, type Log, type LogReader, type Offsets } from '@chargeproof/log';
import {
  claimRecord,
  type KeyNamed,
  type Micros,
  readPayload,
  type RunId,
  type SealingKeys,
  writePayload,
} from '@chargeproof/record';
import { KEY_FILE, KeyringUnusable } from './keyring.ts';

const BATCH = { maxRecords: 1000, maxBytes: 1024 * 1024 } as const;

/** The key file of a folder, by what is in it. */
export type KeysIn = { readonly folder: string; readonly keys: SealingKeys };

/**
 * Names this key file in a log that several gateways share, unless one is named there already: then it is that
 * one. Of two that are named at once the first in log order holds.
 * @throws KeyringUnusable, in one line that names the file to copy, where the log has another; LogFailed
 */
export async function agreeOnKey(log: Log, ours: KeysIn, by: { run: RunId; time: Micros }): Promise<void> {
  if ((await keyNamedIn(log)) === undefined) {
    const named: KeyNamed = { run: by.run, keyId: ours.keys.current, standInsId: standInsId(ours.keys) };
    const type = 'platform.key-named.v1';
    const { key, attributes } = claimRecord(type, { ...by, ordinal: 0 });
    await log.append('platform.decisions', [{ key, attributes, value: writePayload(type, named) }]);
  }
  await checkKey(log, ours);
}

/** As {@link agreeOnKey}, for whoever names none. A log that names none takes any. */
export async function checkKey(log: LogReader, { folder, keys }: KeysIn): Promise<void> {
  const named = await keyNamedIn(log);
  if (named === undefined) return;
  const hadIt = keys.keys.has(named.keyId) || keys.erased?.has(named.keyId) === true;
  if (named.standInsId === standInsId(keys) && hadIt) return;
  const file = join(folder, KEY_FILE);
  throw new KeyringUnusable(
    `key file ${file} is another one (${keys.current}) than the one this log is sealed with (${named.keyId}): put there the ${KEY_FILE} of whoever wrote run ${named.run}, or of another gateway on this log`,
  );
}

async function keyNamedIn(log: LogReader): Promise<KeyNamed | undefined> {
  let from: Offsets = new Map();
  for (;;) {
    const batch = await log.read({ topic: 'platform.decisions', from, ...BATCH });
    if (batch.length === 0) return undefined;
    const first = batch.find(({ attributes: { type } }) => type === 'platform.key-named.v1');
    if (first !== undefined) return readPayload('platform.key-named.v1', first.value);
    from = after(from, batch);
  }
}

/** Eight hex digits that tell one key of stand-ins from another and say nothing of it. */
const standInsId = ({ standIns }: SealingKeys): string =>
  createHash('sha256').update('chargeproof stand-ins id\0').update(standIns).digest('hex').slice(0, 8);
