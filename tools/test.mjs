// `npm test`: every spec, and beside them the lint: alone it would leave a core idle. The last line counts specs;
// what was skipped is named before it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

const root = join(import.meta.dirname, '..');
const say = (line) => process.stderr.write(`\n${line}\n`);
const start = (file, args, said = 'inherit') =>
  spawn(process.execPath, [join(root, file), ...args], { cwd: root, stdio: ['inherit', said, said] });
const end = (child) =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });

/** What it says is kept for the end: between the lines of specs nobody would find it. */
async function lint() {
  const child = start('tools/lint.mjs', [], 'pipe');
  const [code, ...said] = await Promise.all([end(child), buffer(child.stdout), buffer(child.stderr)]);
  return { code, said: Buffer.concat(said) };
}

const filters = process.argv.slice(2);
say(filters.length > 0 ? '── specs' : '── specs, and the lint beside them');
// Asked for single specs, nobody wants to wait for the lint of everything.
const linted = filters.length > 0 ? { code: 0, said: '' } : lint();
const specs = await end(start('node_modules/vitest/vitest.mjs', ['run', ...filters]));
const { code, said } = await linted;
if (code !== 0) {
  say('── lint');
  process.stderr.write(said);
  say('Lint failed, the specs aside: `npm run lint` says the same.');
}
process.exitCode = code || specs;
