// Every command starts here, on whatever Node the machine has: installs what is missing, builds what has changed, and
// hands over to the pinned Node. Builtins only, because nothing else is there in a fresh clone.
// stdout belongs to the command: all that this file and npm say goes to stderr.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBuilt, markBuilt, sourcesOf } from './built.mjs';
import { buildPage } from './page.mjs';
import { DOWNLOAD, noRoom, pinnedNode, unsupported } from './platform.mjs';
import { isInstalled, markInstalled } from './stamp.mjs';

// Not `import.meta.dirname`: this runs on the machine's Node, and 20.0 to 20.10 do not know it.
const root = fileURLToPath(new URL('..', import.meta.url));
const say = (line) => process.stderr.write(`${line}\n`);

function stop(reason) {
  if (asked) process.exit(130);
  say(reason);
  process.exit(1);
}

// A terminal's Ctrl-C reaches the child too, a plain kill does not: the child is told in any case, takes
// the first signal and ignores the rest; we wait for it.
let running;
let asked = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    asked = true;
    running?.kill('SIGTERM');
  });
}

function run(command, args, { env = {}, stdio = 'inherit', cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    running = spawn(command, args, { cwd, stdio, env: { ...process.env, ...env } });
    running.once('error', reject);
    running.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

async function install() {
  if (isInstalled(root)) return;
  const reason = noRoom(root);
  if (reason) stop(reason);
  say(`Installing packages (about ${DOWNLOAD} to download, once) …`);
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  const code = await run(command, args, { env: { npm_config_loglevel: 'error' }, stdio: ['ignore', 2, 2] });
  if (code !== 0) stop(`npm ci ended with ${code}; the lines above say why.`);
  markInstalled(root);
  say('Building (a minute or two, once) …');
}

async function build(node) {
  if (!isBuilt(root)) {
    const sources = sourcesOf(root);
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const code = await run(node, [tsc, '-b', '--pretty', 'false'], { stdio: ['ignore', 2, 2] });
    if (code !== 0) stop('The sources do not compile; the lines above say where.');
    markBuilt(root, sources);
  }
  if (!WITH_PAGE.has(command)) return;
  const page = await buildPage(root, (args) => run(node, args, { stdio: ['ignore', 2, 2] }));
  if (page !== 0) stop('The page cannot be built; the lines above say why.');
}

/** What others ask serves nobody a page. */
const WITH_PAGE = new Set(['start', 'demo', 'test']);
const TOOLS = {
  test: 'tools/test.mjs',
  lint: 'tools/lint.mjs',
  bench: 'test/dist/performance/bench.js',
  crash: 'test/dist/crash/suite/main.js',
};

const [command = 'help', ...args] = process.argv.slice(2);
const reason = unsupported();
if (reason) stop(reason);
await install();
const node = pinnedNode(root);
if (!node)
  stop('The pinned Node 24 is not among the installed packages; remove node_modules and start again.');
await build(node);

const env = {
  // chDB's queries each hold a thread of libuv's pool, whose default of four starves file access.
  UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16',
  // A fifth of what a process costs to start is the compiling of what the one before it compiled.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'compiled'),
  PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
};
const tool = Object.hasOwn(TOOLS, command) ? TOOLS[command] : undefined;
if (asked) process.exit(130);
const entry = tool === undefined ? [join(root, 'apps/cli/dist/main.js'), command] : [join(root, tool)];
// A tool works on the checkout; the command line works where the user stands.
// Over the channel it learns of our death, however that comes about, and ends all it started.
const how =
  tool === undefined
    ? { cwd: process.cwd(), stdio: ['inherit', 'inherit', 'inherit', 'ipc'] }
    : { cwd: root };
process.exitCode = await run(node, [...entry, ...args], { env, ...how });
