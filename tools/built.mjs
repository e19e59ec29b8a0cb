// Says whether what was built is of the sources as they are. The compiler finds that out too, but takes a second and a
// half, for which every question on the command line would wait.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PLACES = ['libs', 'apps', 'test'];
const FILES = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'];
const SOURCE = /\.(tsx?|mts|json)$/;
/** What the compiler notes of what it built. */
const NOTE = 'tsconfig.tsbuildinfo';
const LEFT_OUT = new Set(['node_modules', 'artefacts']);

const stampOf = (root) => join(root, 'node_modules', '.chargeproof-built');

/** Sources, and notes of what was built of them. */
function* filesOf(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === 'dist') yield join(path, NOTE);
    else if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) yield* filesOf(path);
    else if (SOURCE.test(entry.name)) yield path;
  }
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const stat = statSync(file, { throwIfNoEntry: false });
    hash.update(`${file} ${stat?.mtimeMs} ${stat?.size}\n`);
  }
  return hash.digest('hex');
}

function filesIn(root) {
  const all = PLACES.flatMap((name) => [...filesOf(join(root, name))]);
  const isNote = (file) => file.endsWith(NOTE);
  return {
    sources: [...FILES.map((name) => join(root, name)), ...all.filter((file) => !isNote(file))],
    notes: all.filter(isNote),
  };
}

/** Of the sources as they are now. */
export const sourcesOf = (root) => digest(filesIn(root).sources);

export function isBuilt(root) {
  if (!existsSync(stampOf(root))) return false;
  const { sources, notes } = filesIn(root);
  return readFileSync(stampOf(root), 'utf8') === `${digest(sources)} ${digest(notes)}`;
}

/** @param sources as they were when the build began: what was changed meanwhile may not be in it */
export function markBuilt(root, sources) {
  try {
    writeFileSync(stampOf(root), `${sources} ${digest(filesIn(root).notes)}`);
  } catch {
    // Who may not write here looks again the next time.
  }
}
