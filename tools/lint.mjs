// ESLint over everything. Nx's project graph must be cached first: without it the boundary rule only warns.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const run = (file, args, stdio) =>
  spawnSync(process.execPath, [join(root, 'node_modules', file), ...args], {
    cwd: root,
    stdio: ['ignore', stdio, 'inherit'],
    env: { ...process.env, NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' },
  }).status ?? 1;

process.exitCode =
  run('nx/dist/bin/nx.js', ['show', 'projects'], 'ignore') ||
  run('nx/dist/bin/nx.js', ['sync:check'], 'ignore') ||
  run('eslint/bin/eslint.js', ['--max-warnings=0', ...process.argv.slice(2), '.'], 'inherit') ||
  run('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.'], 'inherit');
