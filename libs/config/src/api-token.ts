import { readSettingFile } from './setting-file.ts';
import { variableName } from './settings.ts';

const SHORTEST = 16;

export type TokenSettings = { readonly token?: string | undefined; readonly tokenFile?: string | undefined };
export type TagsTokenSettings = {
  readonly tagsToken?: string | undefined;
  readonly tagsTokenFile?: string | undefined;
};

/**
 * The API's token, given itself or in a file.
 * @throws Error naming the setting, where both are given, or the file holds none
 */
export const apiToken = ({ token, tokenFile }: TokenSettings): string | undefined =>
  tokenOf(['token', token], ['tokenFile', tokenFile]);

/** The token of who may see tags. @throws Error as {@link apiToken} does */
export const apiTagsToken = ({ tagsToken, tagsTokenFile }: TagsTokenSettings): string | undefined =>
  tokenOf(['tagsToken', tagsToken], ['tagsTokenFile', tagsTokenFile]);

type Given = readonly [setting: string, value: string | undefined];

function tokenOf([setting, token]: Given, [fileSetting, file]: Given): string | undefined {
  if (file === undefined) return token;
  const name = variableName('api', fileSetting);
  if (token !== undefined)
    throw new Error(`${variableName('api', setting)} and ${name} are both set: keep one`);
  const read = readSettingFile(file, name).trim();
  if (read.length < SHORTEST || /\s/.test(read))
    throw new Error(`${name}: ${file} holds no token: one word of ${SHORTEST} characters or more`);
  return read;
}
