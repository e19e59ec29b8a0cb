import { readSettingFile } from './setting-file.ts';
import { variableName } from './settings.ts';

const SHORTEST = 16;

export type TokenSettings = { readonly token?: string | undefined; readonly tokenFile?: string | undefined };

/**
 * The API's token, given itself or in a file.
 * @throws Error naming the setting, where both are given, or the file holds none
 */
export function apiToken({ token, tokenFile }: TokenSettings): string | undefined {
  if (tokenFile === undefined) return token;
  const name = variableName('api', 'tokenFile');
  if (token !== undefined)
    throw new Error(`${variableName('api', 'token')} and ${name} are both set: keep one`);
  const read = readSettingFile(tokenFile, name).trim();
  if (read.length < SHORTEST || /\s/.test(read))
    throw new Error(`${name}: ${tokenFile} holds no token: one word of ${SHORTEST} characters or more`);
  return read;
}
