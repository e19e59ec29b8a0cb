import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createPeriodFile, PeriodFileWriter } from './period-file.ts';
import { isFull, reasonOf } from './sqlite-error.ts';
import type { WriterReply, WriterRequest, WriterSettings } from './writer-messages.ts';

/** The worker that commits: it blocks on the disk, so that the sockets' thread never does. */
const { folder, file: opened, maxFileBytes } = workerData as WriterSettings;
let name = opened;
let file: PeriodFileWriter | undefined;
/** The file of the period before, to be closed once nobody waits for us. */
let retired: PeriodFileWriter | undefined;

function handle(request: WriterRequest): WriterReply {
  try {
    fileFor(request.file).write(
      request.blocks.map(({ buffer, length, ...block }) => ({
        ...block,
        body: new Uint8Array(buffer, 0, length),
      })),
    );
    return { kind: 'done' };
  } catch (error) {
    return { kind: isFull(error, folder) ? 'full' : 'failed', reason: reasonOf(error) };
  }
}

/** The file of the period, made where it is a new one. Readers learn of it from the one before. */
function fileFor(wanted: string): PeriodFileWriter {
  file ??= new PeriodFileWriter(join(folder, name), maxFileBytes);
  if (wanted === name) return file;
  const path = join(folder, wanted);
  if (!existsSync(path)) createPeriodFile(path);
  const next = new PeriodFileWriter(path, maxFileBytes);
  try {
    file.follow(wanted);
  } catch (error) {
    next.close();
    throw error;
  }
  retired = file;
  file = next;
  name = wanted;
  return file;
}

parentPort?.on('message', (request: WriterRequest | 'close') => {
  if (request !== 'close') parentPort?.postMessage(handle(request));
  file?.tidy();
  retired?.close();
  retired = undefined;
  if (request !== 'close') return;
  file?.close();
  parentPort?.close();
});
