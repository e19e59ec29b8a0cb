import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { openSqliteLog } from '@chargeproof/log-sqlite';
import { callOf } from './log-calls.ts';

/**
 * Appends until it is killed: many calls at once, each told to the parent before it is made (`r <call>`)
 * and when it is acknowledged (`a <call> <partition>:<offset> …`). Written through at once, so that the
 * parent has every line when this process is gone.
 *
 * `eager` acknowledges before the log does, which the suite must notice.
 */
const [folder = '', seed = '', first = '', mode = 'honest'] = process.argv.slice(2);
const WRITERS = 24;
/** Short, so that files are begun while we are killed. */
const PERIOD_MICROS = 1_000_000;

// Who is killed writes no cache on leaving: the first life leaves it for all others.
if (first === '0') flushCompileCache();

const log = await openSqliteLog({ folder, periodMicros: PERIOD_MICROS });
let next = Number(first);
const asleep = new Int32Array(new SharedArrayBuffer(4));

/** Waits while the parent is behind in reading: what is told must be told before we go on. */
function tell(line: string): void {
  for (let left = Buffer.from(`${line}\n`); left.length > 0;) {
    try {
      left = left.subarray(writeSync(1, left));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(asleep, 0, 0, 1);
    }
  }
}

async function write(): Promise<never> {
  for (;;) {
    const call = next;
    next += 1;
    const records = callOf(Number(seed), call);
    tell(`r ${call}`);
    const appended = log.append('ocpp.frames', records);
    if (mode === 'eager') tell(`a ${call}`);
    const positions = await appended;
    if (mode !== 'eager') {
      tell(`a ${call} ${positions.map(({ partition, offset }) => `${partition}:${offset}`).join(' ')}`);
    }
  }
}

await Promise.all(Array.from({ length: WRITERS }, write));
