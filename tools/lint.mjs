// ESLint and Prettier over everything, side by side: either keeps one core busy. Nx's project graph must be
// cached first: without it the boundary rule only warns.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const run = (file, args, stdio = 'inherit') =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', file), ...args], {
      cwd: root,
      stdio: ['ignore', stdio, 'inherit'],
      env: { ...process.env, NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });

const graph = async () =>
  (await run('nx/dist/bin/nx.js', ['show', 'projects'], 'ignore')) ||
  (await run('nx/dist/bin/nx.js', ['sync:check'], 'ignore'));
const rules = () =>
  Promise.all([
    run('eslint/bin/eslint.js', ['--max-warnings=0', ...process.argv.slice(2), '.']),
    run('prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
  ]);

process.exitCode = (await graph()) || Math.max(...(await rules()));
