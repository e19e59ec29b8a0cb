import type { Direction } from '@chargeproof/record';
import { isObject, type Members, objectIn, textOr } from './json-line.ts';
import { type RecordedFrame, readerOfLines, type RecordingReader } from './reader.ts';
import { rebuiltFrame } from './rebuilt-frame.ts';
import { nameProblem } from './station-name.ts';

/** Open OCPP Trace: JSON Lines, read in every minor version of its schema's first major (written as 1.1). */
const MAJOR = '1';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  'cp-to-csms': 'station-to-csms',
  'csms-to-cp': 'csms-to-station',
};

/** What our export says of a frame beyond the format, as `meta.chargeproof`. */
export type TraceMeta = {
  /** The time as an earlier recording had it, where that is not RFC 3339. */
  readonly claimed?: string;
  readonly inferred?: 'direction';
};

/**
 * A line's frame is its `raw`, byte for byte. Where there is none it is put together from the other members:
 * then spaces and the order of names are the recorder's, not the wire's.
 * @param station whose frames those are that name no station; without it they are not read
 */
export function openOcppTraceReader(station = ''): RecordingReader {
  return readerOfLines((bytes) => readTrace(bytes, station));
}

function readTrace(bytes: Buffer, otherwise: string): { frame: RecordedFrame } | string {
  const members = objectIn(bytes);
  if (typeof members === 'string') return members;
  const version = textOr(members.schemaVersion, MAJOR);
  if (version.split('.')[0] !== MAJOR) return `has schema version ${version.slice(0, 20)}; 1.x is read`;
  if (members.transport === 'soap') return 'is SOAP; only OCPP-J is read';
  const station = textOr(members.chargePointId, otherwise).toWellFormed();
  const problem = nameProblem(station);
  if (problem !== undefined) return problem;
  const raw = textOr(members.raw, '');
  const frame = raw === '' ? rebuiltFrame(bytes) : Buffer.from(raw);
  return typeof frame === 'string' ? frame : { frame: { station, bytes: frame, ...circumstances(members) } };
}

function circumstances(members: Members): Omit<RecordedFrame, 'station' | 'bytes'> {
  const { claimed, inferred } = metaOf(members);
  const direction = directionOf(members.direction);
  const version = textOr(members.ocppVersion, '');
  return {
    time: claimed ?? timeOf(members.timestamp),
    ...(direction !== undefined && { direction }),
    ...(direction !== undefined && inferred !== undefined && { inferred }),
    ...(version !== '' && { protocol: protocolOf(version) }),
  };
}

const directionOf = (stated: unknown) =>
  typeof stated === 'string' && Object.hasOwn(DIRECTIONS, stated) ? DIRECTIONS[stated] : undefined;

/** Text as it is; of a number its digits. It may be no time at all, and is kept nevertheless. */
const timeOf = (stated: unknown) => textOr(stated, stated === undefined ? '' : JSON.stringify(stated));

/** `1.6` and `1.6J` are the subprotocol `ocpp1.6`. What is none of OCPP's stays as it is. */
function protocolOf(version: string): string {
  return /^\d+(?:\.\d+)*J?$/i.test(version) ? `ocpp${version.replace(/j$/i, '')}` : version;
}

function metaOf({ meta }: Members): TraceMeta {
  const ours = isObject(meta) && isObject(meta.chargeproof) ? meta.chargeproof : {};
  return {
    ...(typeof ours.claimed === 'string' && { claimed: ours.claimed }),
    ...(ours.inferred === 'direction' && { inferred: 'direction' as const }),
  };
}
