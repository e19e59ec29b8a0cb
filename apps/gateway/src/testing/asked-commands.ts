import type { MemoryLog } from '@chargeproof/log';
import {
  type ChargeRecord,
  commandRecord,
  type CommandEnded,
  type CommandRequested,
  createSealer,
  type LoggedRecord,
  readPayload,
  unseal,
  writePayload,
} from '@chargeproof/record';
import { until } from './until.ts';

export const REQUESTED = 'platform.command-requested.v1';
const KEY = Buffer.alloc(32, 7);
const KEYS = { current: 'k', keys: new Map([['k', KEY]]), standIns: KEY };
export const SEALING = {
  sealer: createSealer(KEYS),
  unseal: (...sealed: Parameters<typeof unseal> extends [...infer Given, unknown] ? Given : never) =>
    unseal(...sealed, KEYS),
};

/** A command to CP-1, as the API appends it. */
export function request(command: string, more: Partial<CommandRequested> = {}, seconds = 30): ChargeRecord {
  const subject = { tenant: 'default', station: 'CP-1' };
  const now = Date.now() * 1000;
  const payload = { command, action: 'Reset', payload: { type: 'Soft' }, actor: 'ops', ...more };
  const value = writePayload(REQUESTED, { ...payload, expires: now + seconds * 1_000_000 });
  const sealed = SEALING.sealer.seal(value, 'text');
  const { key, attributes } = commandRecord(REQUESTED, { subject, command, source: 'api', time: now });
  return {
    key,
    attributes: { ...attributes, ...(sealed.sealed && { sealed: sealed.sealed }) },
    value: sealed.value,
  };
}

export const decisions = (log: MemoryLog): Promise<readonly LoggedRecord[]> =>
  log.read({ topic: 'platform.decisions', from: new Map(), maxRecords: 1000, maxBytes: 1e7 });

/** How it ended, once that is in the log. */
export async function ended(log: MemoryLog, command: string): Promise<CommandEnded> {
  let found: CommandEnded | undefined;
  await until(async () => {
    const type = 'platform.command-ended.v1';
    const records = (await decisions(log)).filter(({ attributes }) => attributes.type === type);
    found = records.map(({ value }) => readPayload(type, value)).find((one) => one.command === command);
    return found !== undefined;
  });
  if (found === undefined) throw new Error(`${command} has no end`);
  return found;
}
