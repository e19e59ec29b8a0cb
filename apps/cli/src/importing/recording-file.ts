import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  DETECTION_BYTES,
  detectFormat,
  type Read,
  readerOf,
  type RecordingFormat,
} from '@chargeproof/recordings';
import { FileUnusable } from './import-failed.ts';

/** A file as it was when it was opened: what is written behind its end meanwhile is not read. */
export type RecordingFile = {
  readonly path: string;
  /** Without its folders: it goes into the record. */
  readonly name: string;
  readonly bytes: number;
  readonly format: RecordingFormat;
};

const CHUNK_BYTES = 256 * 1024;

/** What the system says, in words. */
const REASONS = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a directory',
} as const;
const reasonOf = (code: string) =>
  code in REASONS ? REASONS[code as keyof typeof REASONS] : `it cannot be read (${code})`;

/** @throws FileUnusable naming the file, where it cannot be opened or is no recording */
export async function openRecording(path: string, forced?: RecordingFormat): Promise<RecordingFile> {
  return withFile(path, async (handle) => {
    const status = await handle.stat();
    if (status.isDirectory()) throw new FileUnusable(`${path}: ${REASONS.EISDIR}`);
    if (!status.isFile()) throw new FileUnusable(`${path}: it is no regular file, and is read twice`);
    const detected = forced === undefined ? await detect(handle) : { format: forced };
    if (typeof detected === 'string' && status.size > 0) throw new FileUnusable(`${path}: it ${detected}`);
    const format = typeof detected === 'string' ? 'csv' : detected.format;
    return { path, name: basename(path), bytes: status.size, format };
  });
}

/**
 * Reads the file once, from its beginning.
 * @param take is given what each piece of the file holds, and how many bytes are read; it is waited for
 * @returns the file's SHA-256, in hex
 * @throws FileUnusable
 */
export async function readRecording(
  { path, bytes, format }: RecordingFile,
  station: string | undefined,
  take: (read: readonly Read[], bytesRead: number) => Promise<void> | void,
): Promise<string> {
  return withFile(path, async (handle) => {
    const hash = createHash('sha256');
    const reader = readerOf(format, station);
    let bytesRead = 0;
    if (bytes > 0) {
      const chunks = handle.createReadStream({
        start: 0,
        end: bytes - 1,
        highWaterMark: CHUNK_BYTES,
        autoClose: false,
      });
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        hash.update(chunk);
        bytesRead += chunk.length;
        await take(reader.push(chunk), bytesRead);
      }
    }
    await take(reader.end(), bytesRead);
    return hash.digest('hex');
  });
}

async function detect(handle: FileHandle) {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(DETECTION_BYTES), 0, DETECTION_BYTES, 0);
  return detectFormat(buffer.subarray(0, bytesRead));
}

async function withFile<Result>(path: string, use: (handle: FileHandle) => Promise<Result>): Promise<Result> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    return await use(handle);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined || !('syscall' in (error as Error))) throw error;
    throw new FileUnusable(`${path}: ${reasonOf(code)}`, { cause: error });
  } finally {
    await handle?.close();
  }
}
