import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OwnerAddress, OwnerFileName } from '@chargeproof/process';

const PATIENCE_MILLISECONDS = 2000;

/** Where an owner of the data folder listens, if it runs: a file that nobody answers for was left by one that was killed. */
export async function ownerOf(folder: string, name: OwnerFileName): Promise<OwnerAddress | undefined> {
  const owner = readOwnerFile(join(folder, name));
  return owner !== undefined && (await answers(owner)) ? owner : undefined;
}

function readOwnerFile(file: string): OwnerAddress | undefined {
  try {
    const { address, token } = JSON.parse(readFileSync(file, 'utf8')) as Partial<OwnerAddress>;
    return typeof address === 'string' && typeof token === 'string' ? { address, token } : undefined;
  } catch {
    return undefined;
  }
}

async function answers({ address, token }: OwnerAddress): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${address}/healthz`, { headers, signal });
    return response.ok;
  } catch {
    return false;
  }
}
