import { text } from 'node:stream/consumers';
import { UsageError } from './options.ts';

/** The lines on stdin that `-` stands for: arguments are seen by whoever lists this machine's processes, and kept by shells. */
export async function typedLines(what: string): Promise<readonly string[]> {
  const lines = (await text(process.stdin)).split(/\r?\n/).filter((line) => line !== '');
  if (lines.length === 0) throw new UsageError(`- reads ${what} from stdin, and there was none`);
  return lines;
}
