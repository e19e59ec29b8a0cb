import { createHash } from 'node:crypto';
import type { SealedClass } from '../sealed.ts';

/** A name that a deployment adds to the table of rules, and what its value is. */
export type NamedRule = { readonly name: string; readonly class: SealedClass };

/** DataTransfer's `data` is a vendor's own: all of it is sealed, or what stands at a path of member names in it. */
export type DataTransferRule = {
  readonly vendorId: string;
  /** Absent: of every message of that vendor. */
  readonly messageId?: string;
  /** Names in lower case, from `data` down; empty: the whole of it. */
  readonly path: readonly string[];
};

/** What a deployment seals besides what `rules.ts` lists. It can only add: what is listed there stays sealed. */
export type OwnRules = {
  readonly members: readonly NamedRule[];
  readonly configurationKeys: readonly NamedRule[];
  readonly dataTransfer: readonly DataTransferRule[];
  /** Eight hex digits that tell these rules from others, for `sealed`. */
  readonly digest: string;
};

/** The rules cannot be used. The message names the member and the fix. */
export class BadRules extends Error {
  override readonly name = 'BadRules';
}

const PARTS = ['members', 'configurationKeys', 'dataTransfer'] as const;
const CLASSES: readonly SealedClass[] = ['secret', 'idTag', 'personal', 'credential'];
const TRANSFER_PARTS = ['vendorId', 'messageId', 'path'] as const;
/** A name of one letter would be found in every frame; of a quote or backslash nobody can tell how it is escaped. */
const NAME = /^[a-z0-9][^"'\\\x00-\x1f\x7f-\uffff]{0,253}[a-z0-9]$/i;

/**
 * Reads `{ "members": [NAME…], "configurationKeys": [NAME…], "dataTransfer": [{ "vendorId", "messageId"?, "path"? }…] }`,
 * each part optional. A NAME is text, for a secret, or `{ "name", "class" }`; it is compared without case and
 * separators, as the names of `rules.ts` are. A path is names with dots between them.
 * @throws BadRules
 */
export function readRules(text: string): OwnRules {
  const file = objectOf(parsed(text), 'the file', PARTS);
  const rules = {
    members: listOf(file.members, 'members').map(namedRule('members')),
    configurationKeys: listOf(file.configurationKeys, 'configurationKeys').map(
      namedRule('configurationKeys'),
    ),
    dataTransfer: listOf(file.dataTransfer, 'dataTransfer').map(transferRule),
  };
  return { ...rules, digest: digestOf(rules) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRules('it is not JSON');
  }
}

type Members = Readonly<Partial<Record<string, unknown>>>;

function objectOf(value: unknown, place: string, known: readonly string[]): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadRules(`${place} is no object with ${known.join(', ')}`);
  }
  const stranger = Object.keys(value).find((name) => !known.includes(name));
  if (stranger === undefined) return value as Members;
  throw new BadRules(`${place} has a member "${stranger}"; there are: ${known.join(', ')}`);
}

function listOf(value: unknown, place: string): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new BadRules(`${place} is no list`);
}

const namedRule =
  (part: string) =>
  (value: unknown, at: number): NamedRule => {
    const place = `${part}[${at}]`;
    if (typeof value === 'string') return { name: nameOf(value, place), class: 'secret' };
    const { name, class: written = 'secret' } = objectOf(value, place, ['name', 'class']);
    const sealedClass = CLASSES.find((each) => each === written);
    if (sealedClass === undefined) throw new BadRules(`${place}.class is none of ${CLASSES.join(', ')}`);
    return { name: nameOf(name, `${place}.name`), class: sealedClass };
  };

function transferRule(value: unknown, at: number): DataTransferRule {
  const place = `dataTransfer[${at}]`;
  const { vendorId, messageId, path } = objectOf(value, place, TRANSFER_PARTS);
  return {
    vendorId: nameOf(vendorId, `${place}.vendorId`),
    ...(messageId !== undefined && { messageId: nameOf(messageId, `${place}.messageId`) }),
    path: path === undefined ? [] : pathOf(path, `${place}.path`),
  };
}

function pathOf(path: unknown, place: string): readonly string[] {
  const names = typeof path === 'string' ? path.toLowerCase().split('.') : [''];
  if (!names.includes('')) return names;
  throw new BadRules(`${place} is no path of member names, as "user.pin"`);
}

function nameOf(value: unknown, place: string): string {
  if (typeof value === 'string' && NAME.test(value)) return value;
  throw new BadRules(
    `${place} is no name: 2 to 255 characters of ASCII, letters or digits at both ends, no quote or backslash`,
  );
}

const digestOf = (rules: Omit<OwnRules, 'digest'>) =>
  createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 8);
