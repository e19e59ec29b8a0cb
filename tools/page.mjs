// Builds the page where its sources are not those it was last built from.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['index.html', 'vite.config.ts', 'package.json', 'public', 'src'];
const folder = (root) => join(root, 'apps', 'dashboard');
const siteOf = (root) => join(folder(root), 'dist', 'site');
const stampOf = (root) => join(siteOf(root), '.sources');

function filesOf(path) {
  if (!existsSync(path)) return [];
  const within = readdirSync(path, { withFileTypes: true, recursive: true });
  // `parentPath` is not there before Node 20.12, `path` not behind 24.
  return within
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function digest(root) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const source of SOURCES) {
    const path = join(folder(root), source);
    const files = /\.\w+$/.test(source) ? [path] : filesOf(path).sort();
    for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * @param run runs the pinned Node with arguments; resolves with its exit code
 * @returns the exit code of the build, 0 where there was nothing to do
 */
export async function buildPage(root, run) {
  const wanted = digest(root);
  if (existsSync(stampOf(root)) && readFileSync(stampOf(root), 'utf8') === wanted) return 0;
  // Beside the old one, so that who serves that meanwhile, or builds too, has a whole one.
  const fresh = `${siteOf(root)}-${process.pid}`;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const code = await run([vite, 'build', '--logLevel', 'warn', '--outDir', fresh, folder(root)]);
  if (code !== 0) return code;
  writeFileSync(join(fresh, '.sources'), wanted);
  rmSync(siteOf(root), { recursive: true, force: true });
  try {
    renameSync(fresh, siteOf(root));
  } catch (error) {
    // Another start has put the same page there in between.
    if (!existsSync(stampOf(root))) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  return 0;
}
