import { readFileSync } from 'node:fs';

/** The text of a file that a setting names. @throws Error naming the setting, where it cannot be read */
export function readSettingFile(file: string, variable: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Error(`${variable}: ${file} cannot be read (${code})`, { cause: error });
  }
}
