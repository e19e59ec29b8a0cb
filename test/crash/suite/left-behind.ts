import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLANTED } from '../../e2e/sealing/planted.ts';
import { isFound } from '../../e2e/sealing/search.ts';
import { STATIONS } from './fleet.ts';
import type { Platform } from './platform.ts';
import { PATH_SECRET } from './station.ts';

/** Everything that a run leaves behind, by what it is; each is read when its turn comes, for a long run leaves much. */
export type Places = ReadonlyMap<string, () => Promise<Buffer>>;

/** What was found in a place. */
export type Searched = {
  readonly bytes: number;
  /** Secrets that stand there, as text, base64 or hex. None is wanted. */
  readonly secrets: readonly string[];
  /** Whether a word stands there that stands in clear in the record: else nothing would be found there at all. */
  readonly isReadable: boolean;
};

const CLEAR = [...STATIONS, 'BootNotification'];
const SECRETS = [PATH_SECRET, ...PLANTED.map(({ secret }) => secret)];

/**
 * Searches all that a run leaves behind for what its stations planted: what its profile keeps, what the processes said,
 * their temporary and core files, and what they showed while they ran. The answers were all given without the key.
 */
export async function searchLeftBehind(
  root: string,
  { data, profile, answers }: Platform,
  metrics: string,
): Promise<ReadonlyMap<string, Searched>> {
  const isBeside = ({ parentPath }: Dirent) => parentPath !== data && !parentPath.startsWith(`${data}/`);
  const beside = () =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && isBeside(entry))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  const places: Places = new Map([
    ...(await profile.left()),
    ['logs and temporary files', () => Promise.resolve(Buffer.concat(beside()))],
    ['answers and metrics', () => Promise.resolve(Buffer.from([metrics, ...answers].join('\n')))],
  ]);
  const found = new Map<string, Searched>();
  for (const [place, read] of places) found.set(place, searched(await read()));
  return found;
}

const searched = (bytes: Buffer): Searched => ({
  bytes: bytes.length,
  secrets: SECRETS.filter((secret) => isFound(bytes, secret)),
  isReadable: CLEAR.some((word) => isFound(bytes, word)),
});

/** What is wrong with what a run left behind, a line for each; none is wanted. */
export function leaks(left: ReadonlyMap<string, Searched>): readonly string[] {
  return [...left].flatMap(([place, { bytes, secrets }]) => [
    ...(bytes === 0 ? [`${place}: there was nothing to search`] : []),
    ...secrets.map((secret) => `${place}: ${secret} stands there in clear`),
  ]);
}
