import type { Read, RecordingReader } from '../reader.ts';

/** Everything a reader gives for a file, which comes to it in pieces of that many bytes. */
export function readAll(reader: RecordingReader, file: string | Uint8Array, pieces = 7): readonly Read[] {
  const bytes = Buffer.from(file);
  const read: Read[] = [];
  for (let at = 0; at < bytes.length; at += pieces)
    read.push(...reader.push(bytes.subarray(at, at + pieces)));
  return [...read, ...reader.end()];
}

/** The frames' bytes as latin1 text, and of a line that gave none its number and why. */
export const toldOf = (read: readonly Read[]) =>
  read.map((each) => {
    if ('frame' in each) return Buffer.from(each.frame.bytes).toString('latin1');
    return 'problem' in each ? `${each.line}: ${each.problem}` : each.record.attributes.id;
  });
