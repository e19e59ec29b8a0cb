// npm's `prepare`: notes that the install is whole, and installs the git hooks where a developer works.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markInstalled } from './stamp.mjs';

// Not `import.meta.dirname`: this runs on the machine's Node, and 20.0 to 20.10 do not know it.
const root = fileURLToPath(new URL('..', import.meta.url));
if (existsSync(join(root, 'node_modules'))) markInstalled(root);
if (
  existsSync(join(root, '.git')) &&
  !process.env.CI &&
  existsSync(join(root, 'node_modules/.bin/lefthook'))
) {
  spawnSync(join(root, 'node_modules/.bin/lefthook'), ['install'], { cwd: root, stdio: 'ignore' });
}
