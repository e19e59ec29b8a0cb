import { type OwnerAddress, type OwnerFileName, readOwnerFile } from '@chargeproof/process';

const PATIENCE_MILLISECONDS = 2000;

/** Where an owner of the data folder listens, if it runs: a file that nobody answers for was left by one that was killed. */
export async function ownerOf(folder: string, name: OwnerFileName): Promise<OwnerAddress | undefined> {
  const owner = readOwnerFile(folder, name);
  return owner !== undefined && (await answers(owner)) ? owner : undefined;
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
