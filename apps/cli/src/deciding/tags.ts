import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type IdTag, jsonOf, listOf, MOST_TAGS, readIdTagPolicy } from '@chargeproof/central-system';
import { formatMicros } from '@chargeproof/record';
import type { Endpoint } from '../asking/graphql-response.ts';
import { UsageError } from '../options.ts';
import { decided, type Deciding, listed } from './asking.ts';

export type TagInfo = {
  readonly expiryDate?: string | undefined;
  readonly parentIdTag?: string | undefined;
  readonly concurrentTransactions?: boolean | undefined;
};
export type Replaced = { readonly id: string; readonly idTags: number; readonly others: string };

const OTHERS = 'status source decision actor reason decidedAt';
const TAG = `idTag ${OTHERS} expiryDate parentIdTag concurrentTransactions`;
const DECISION = `id tenant idTags { ${TAG} } others { ${OTHERS} } actor reason`;

/** @param tags none: all */
export const tagsListed = (endpoint: Endpoint, tenant: string, tags: readonly string[]) =>
  listed(
    endpoint,
    {
      name: 'idTags',
      arguments: { declared: ', $idTag: [String!]', given: ', idTag: $idTag' },
      fields: TAG,
      othersFields: OTHERS,
    },
    { tenant, idTag: tags.length === 0 ? null : tags },
  );

export const tagSet = (
  endpoint: Endpoint,
  by: Deciding,
  { idTag, status, info }: { readonly idTag: string; readonly status: string; readonly info: TagInfo },
) => {
  const idTagInfo = { status: status.toUpperCase(), ...info };
  return decided(endpoint, 'setIdTag', DECISION, { ...by, idTag, idTagInfo });
};

export const tagRemoved = (endpoint: Endpoint, by: Deciding, idTag: string) =>
  decided(endpoint, 'removeIdTag', DECISION, { ...by, idTag });

/** @param status undefined: nothing is decided of them any more */
export const otherTagsSet = (endpoint: Endpoint, by: Deciding, status: string | undefined) =>
  decided(endpoint, 'setOtherIdTags', DECISION, { ...by, status: status?.toUpperCase() ?? null });

/**
 * Decides all that a file says, in the form that a gateway's file has, in place of what was decided. What it says of
 * others holds once its list does.
 * @param file `-`: stdin
 */
export async function tagsReplaced(endpoint: Endpoint, by: Deciding, file: string): Promise<Replaced> {
  const { all, others } = await listIn(file, by.tenant);
  const parts = Math.max(1, Math.ceil(all.length / MOST_TAGS));
  const list = randomUUID();
  for (let part = 1; part <= parts; part++) {
    const entries = all.slice((part - 1) * MOST_TAGS, part * MOST_TAGS);
    const localAuthorizationList = entries.map(([idTag, info]) => ({ idTag, idTagInfo: infoOf(info) }));
    const input = { ...by, updateType: 'FULL', localAuthorizationList, part: { list, part, parts } };
    await decided(endpoint, 'setIdTags', 'id', input);
    if (process.stderr.isTTY && parts > 1) process.stderr.write(`part ${part} of ${parts}\n`);
  }
  await otherTagsSet(endpoint, by, others);
  return { id: list, idTags: all.length, others };
}

async function listIn(file: string, tenant: string) {
  try {
    const written = file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8');
    return listOf(readIdTagPolicy(jsonOf(written), tenant), tenant);
  } catch (error) {
    throw new UsageError(`${file}: ${faultOf(error)}`);
  }
}

function faultOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return message;
  return code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`;
}

const infoOf = ({ status, expires, parentIdTag, concurrentTransactions }: IdTag) => ({
  status: status.toUpperCase(),
  ...(expires !== undefined && { expiryDate: formatMicros(expires) }),
  ...(parentIdTag !== undefined && { parentIdTag }),
  concurrentTransactions,
});
