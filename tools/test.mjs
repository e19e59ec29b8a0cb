// `npm test`: lint, then every spec. The last line counts them; what was skipped is named before it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const say = (line) => process.stderr.write(`\n${line}\n`);
const step = (name, file, args) => {
  say(`── ${name}`);
  return (
    spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' }).status ?? 1
  );
};

const filters = process.argv.slice(2);
// Asked for single specs, nobody wants to wait for the lint of everything.
const lint = filters.length > 0 ? 0 : step('lint', 'tools/lint.mjs', []);
const specs = step('specs', 'node_modules/vitest/vitest.mjs', ['run', ...filters]);
// Its own lines are thousands of lines above by now.
if (lint !== 0) say('Lint failed, the specs aside: `npm run lint` says why.');
process.exitCode = lint || specs;
