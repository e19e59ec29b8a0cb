import { resolve } from 'node:path';
import type { AccessFiles } from './upstream-access.ts';

/** As the routes file has it for one station: who answers it, and what that is shown. */
export type RouteEntry = {
  /** Absent: the common upstream. */
  readonly url?: string;
  readonly access: AccessFiles;
};

export const BUILT_IN = 'built-in';

const MEMBERS = ['url', 'user', 'passwordFile', 'ca', 'certificate', 'key'] as const;
type Members = Partial<Record<(typeof MEMBERS)[number], string>>;

/**
 * One station's value in the routes file: a URL, "built-in", or an object of {@link MEMBERS}. Files are looked for
 * from that file's folder.
 * @param common the URL of the upstream of all, if there is one
 * @returns the entry, or what is wrong with it
 */
export function readRouteEntry(
  value: unknown,
  station: string,
  folder: string,
  common: string | undefined,
): RouteEntry | string {
  if (typeof value === 'string') {
    return value === BUILT_IN || isUrl(value) ? { url: value, access: {} } : NO_TARGET;
  }
  if (!isObject(value)) return NO_TARGET;
  return faultIn(value) ?? faultOf(value, common) ?? entryOf(value, station, folder);
}

const NO_TARGET = `to what is neither a ws(s) URL nor "${BUILT_IN}"`;

function entryOf(members: Members, station: string, folder: string): RouteEntry {
  const { url, user = station, passwordFile } = members;
  const at = (file: string | undefined) => file && resolve(folder, file);
  const file = at(passwordFile);
  return {
    ...(url !== undefined && { url }),
    access: {
      ca: at(members.ca),
      certificate: at(members.certificate),
      key: at(members.key),
      ...(file !== undefined && { password: { user, file } }),
    },
  };
}

function faultIn(value: object): string | undefined {
  for (const [member, text] of Object.entries(value)) {
    if (!(MEMBERS as readonly string[]).includes(member)) {
      return `with "${member}", which is none of ${MEMBERS.join(', ')}`;
    }
    if (typeof text !== 'string' || text === '') return `with "${member}" that is no text`;
  }
  return undefined;
}

function faultOf({ url, user, passwordFile, ca, certificate, key }: Members, common: string | undefined) {
  const to = url ?? common;
  if (to === undefined || !isUrl(to)) return NO_TARGET;
  if ((certificate === undefined) !== (key === undefined)) return 'with only one of "certificate" and "key"';
  if (user !== undefined && passwordFile === undefined) return 'with a "user" and no "passwordFile"';
  const isPlain = new URL(to).protocol === 'ws:';
  return isPlain && (ca ?? certificate) !== undefined
    ? 'with files of TLS to a URL that is not wss'
    : undefined;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isUrl = (text: string) => URL.canParse(text) && /^wss?:$/.test(new URL(text).protocol);
