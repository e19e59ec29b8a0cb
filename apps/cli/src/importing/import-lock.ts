import { join } from 'node:path';
import { lockFile } from '@chargeproof/process';
import { ImportFailed } from './import-failed.ts';

/**
 * One import at a time per data folder: two would not see each other's ids.
 * @returns gives it back
 * @throws ImportFailed where another import runs, or the folder cannot be written
 */
export function lockImports(folder: string): () => void {
  const unlock = lockOrFail(folder);
  if (unlock === undefined) throw new ImportFailed(`another import into ${folder} is under way`);
  return unlock;
}

function lockOrFail(folder: string): (() => void) | undefined {
  try {
    return lockFile(join(folder, 'import.lock'));
  } catch (error) {
    throw new ImportFailed((error as Error).message, { cause: error });
  }
}
