import type { LogReader } from '@chargeproof/log';
import { effectivePlace, type LoggedRecord, type SealingKeys } from '@chargeproof/record';
import { writeRecord, writeTrace } from '@chargeproof/recordings';
import { EffectiveOrder } from './effective-order.ts';
import { scanLog, type Wanted } from './log-scan.ts';
import { OriginalBytes } from './original-bytes.ts';
import type { Output } from './output.ts';
import { OwnCopies } from './own-copies.ts';

export type TraceExport = {
  readonly frames: number;
  /** Frames that a trace cannot hold: no JSON, no OCPP message, binary, or above the recorder's limit. */
  readonly notHeld: number;
  /** Frames with stand-ins in them. */
  readonly sealed: number;
  /** Why: which keys are gone. Empty where there is no key file at all. */
  readonly reasons: readonly string[];
};

/** Writes frames as Open OCPP Trace: stations by name, and of each its frames in effective order. */
export async function exportTrace(
  log: LogReader,
  keys: SealingKeys | undefined,
  wanted: Wanted,
  output: Output,
): Promise<TraceExport> {
  const originals = new OriginalBytes(keys);
  const copies = new OwnCopies(keys);
  const order = new EffectiveOrder();
  const count = { frames: 0, notHeld: 0 };
  try {
    for await (const record of scanLog(log, wanted)) {
      if (record.attributes.type !== 'ocpp.frame.v1') continue;
      const { bytes, isOriginal } = originals.of(record);
      if (isOriginal && copies.isCopy(record, bytes)) continue;
      const line = traceOf(record, bytes);
      if (line === undefined) count.notHeld += 1;
      else order.add(record.attributes.subject ?? '', effectivePlace(record.attributes), line);
    }
    for (const line of order.lines()) {
      if (output.isClosed) break;
      count.frames += 1;
      await output.line(line);
    }
    await output.flush();
    return { ...count, sealed: originals.sealedFrames, reasons: [...originals.reasons] };
  } finally {
    order.close();
  }
}

function traceOf({ attributes }: LoggedRecord, bytes: Uint8Array): string | undefined {
  const { subject, direction, opcode, cut, time, claimed, inferred, protocol } = attributes;
  if (subject === undefined || direction === undefined || opcode !== 'text' || cut !== undefined)
    return undefined;
  return writeTrace({
    station: subject,
    time,
    direction,
    bytes,
    ...(claimed !== undefined && { claimed }),
    ...(inferred !== undefined && { inferred }),
    ...(protocol !== undefined && { protocol }),
  });
}

/** Writes records of every type in our own format, in log order and as the log has them, sealed values included. */
export async function exportRecords(log: LogReader, wanted: Wanted, output: Output): Promise<number> {
  let records = 0;
  for await (const { key, attributes, value, loggedAt, position } of scanLog(log, wanted)) {
    if (output.isClosed) break;
    records += 1;
    const moved = { ...attributes, loggedat: loggedAt };
    const ofARun = attributes.subject === undefined && { partition: position.partition };
    await output.line(writeRecord({ key, attributes: moved, value, ...ofARun }));
  }
  await output.flush();
  return records;
}
