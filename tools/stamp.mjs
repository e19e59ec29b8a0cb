// Says whether node_modules is what package-lock.json asks for.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const stampOf = (root) => join(root, 'node_modules', '.chargeproof-stamp');
const lockDigest = (root) =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');

export const isInstalled = (root) =>
  existsSync(stampOf(root)) && readFileSync(stampOf(root), 'utf8') === lockDigest(root);

export const markInstalled = (root) => writeFileSync(stampOf(root), lockDigest(root));
