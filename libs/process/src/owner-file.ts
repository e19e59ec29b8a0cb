import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which owner of a data folder a file speaks for: the gateway, which owns the log, or the query process. */
export type OwnerFileName = 'ingest.json' | 'query.json';

export type OwnerAddress = {
  /** As `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly address: string;
  /** Whoever shows it could read this file, and so is the folder's owner. */
  readonly token: string;
};

const OWNER_ONLY = 0o600;
const TOKEN_BYTES = 32;

/** A token that nobody guesses, as long as the process lives. */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/**
 * Tells the folder's other processes where its owner listens (DESIGN 7):
 * `{ "address", "token", "pid" }`, mode 0600, whole from the first moment on. What an owner that was killed
 * left there is written over.
 * @returns takes the file away, unless a later owner has written its own
 */
export function writeOwnerFile(folder: string, name: OwnerFileName, owner: OwnerAddress): () => void {
  const file = join(folder, name);
  const draft = `${file}.${process.pid}.new`;
  const text = `${JSON.stringify({ address: owner.address, token: owner.token, pid: process.pid })}\n`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: OWNER_ONLY, flag: 'wx' });
  renameSync(draft, file);
  return () => {
    if (textOf(file) === text) rmSync(file, { force: true });
  };
}

/** What the owner of a folder wrote, who may be gone meanwhile. @returns undefined where there is none to read */
export function readOwnerFile(folder: string, name: OwnerFileName): OwnerAddress | undefined {
  try {
    const { address, token } = JSON.parse(textOf(join(folder, name)) ?? '') as Partial<OwnerAddress>;
    return typeof address === 'string' && typeof token === 'string' ? { address, token } : undefined;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
