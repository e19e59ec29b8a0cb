// Where Chargeproof runs, said in one line before anything is downloaded.
import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** What an install needs, measured on linux x64; see README, "What it downloads". */
export const DOWNLOAD = '390 MB';
const DISK_BYTES = 2.5e9;

const major = Number(process.versions.node.split('.')[0]);
const isMusl = () => process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;

/** @returns the reason why it cannot run here, or undefined */
export function unsupported() {
  if (major < 20) return `Chargeproof needs Node 20 or later to start; this is ${process.version}.`;
  if (process.platform === 'win32')
    return 'Chargeproof does not run on Windows itself; use WSL 2 (any glibc Linux).';
  if (isMusl()) return 'Chargeproof needs a Linux with glibc: chDB has no build for musl (Alpine).';
  if (!['linux', 'darwin'].includes(process.platform) || !['x64', 'arm64'].includes(process.arch))
    return `Chargeproof runs on Linux and macOS, x64 and arm64; this is ${process.platform} ${process.arch}.`;
  if (process.platform === 'darwin' && major < 24)
    return `On macOS Chargeproof uses your own Node, which must be 24 or later; this is ${process.version}.`;
  return undefined;
}

/** @returns the reason why the install has no room, or undefined */
export function noRoom(root) {
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize >= DISK_BYTES) return undefined;
  return `Chargeproof needs ${DISK_BYTES / 1e9} GB of disk for its packages; ${((bavail * bsize) / 1e9).toFixed(1)} GB are free.`;
}

/** The pinned Node 24, or on macOS the machine's own. */
export function pinnedNode(root) {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  return major >= 24 ? process.execPath : undefined;
}
