import type { IncomingMessage } from 'node:http';

/** A few of the largest records there are, escaped into JSON. */
const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** @returns undefined for one that is too large; it is read to its end, so that the answer is read too */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes <= MOST_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}
