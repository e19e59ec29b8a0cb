// Installs the git hooks where a developer works: not in CI, not in a tarball.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

if (existsSync('.git') && !process.env.CI && existsSync('node_modules/.bin/lefthook')) {
  spawnSync('node_modules/.bin/lefthook', ['install'], { stdio: 'ignore' });
}
