import { readFileSync } from 'node:fs';
import { BadRules, type OwnRules, readRules } from '@chargeproof/record';
import { KeyringUnusable } from './keyring.ts';

/**
 * The rules that a deployment adds to what is sealed.
 * @param setting its name, for whoever has to mend the file
 * @returns undefined where no file is named
 * @throws KeyringUnusable naming setting, file and the member that is wrong
 */
export function readSealingRules(file: string | undefined, setting: string): OwnRules | undefined {
  if (file === undefined) return undefined;
  try {
    return readRules(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof BadRules ? error.message : `it cannot be read (${codeOf(error)})`;
    throw new KeyringUnusable(`${setting}: ${file}: ${why}`, { cause: error });
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '?');
