import { DEFAULT_TENANT, nameFault, type NameFault, type Subject } from '@chargeproof/record';
import type { Refusal } from './refusal.ts';

const PREFIX = '/ocpp/';

const NO_NAME: Readonly<Record<NameFault, Refusal>> = {
  empty: { status: 404, reason: 'path-empty-segment' },
  'dot-segment': { status: 400, reason: 'path-dot-segment' },
  'control-character': { status: 400, reason: 'path-control-character' },
  'too-long': { status: 414, reason: 'path-too-long' },
};

/** What a path segment may hold as it is (RFC 3986, 3.3). */
const SEGMENT = /^[\w\-.~!$&'()*+,;=:@%]+$/;

/**
 * Who a request's path names, and the query that stood behind it. `segment` is the station's identity as it
 * goes on to the CSMS: as the station wrote it, for a CSMS may compare without decoding.
 */
export type StationPath = { readonly subject: Subject; readonly segment: string; readonly query: string };

/**
 * Reads `/ocpp/<station>` or `/ocpp/<tenant>/<station>` from the request target as on the wire.
 * Identities are percent-decoded once (OCPP-J 1.6, 3.1.1; RFC 3986): `%2F` is a slash inside an identity,
 * `%20` a space, `+` a plus. What RFC 3986 calls dot-segments is no identity, encoded or not, and an empty
 * segment is none either: whoever sits between may have merged or resolved them, and two spellings of one
 * station would be two stations.
 */
export function readStationPath(target: string, tenants: ReadonlySet<string>): StationPath | Refusal {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  if (!path.startsWith(PREFIX)) return { status: 404, reason: 'path-not-ours' };
  const segments = path.slice(PREFIX.length).split('/');
  if (segments.length > 2) return { status: 404, reason: 'path-too-deep' };
  const decoded: string[] = [];
  for (const segment of segments) {
    const part = decodeSegment(segment);
    if (typeof part !== 'string') return part;
    decoded.push(part);
  }
  const [first = '', second] = decoded;
  const subject =
    second === undefined ? { tenant: DEFAULT_TENANT, station: first } : { tenant: first, station: second };
  if (!tenants.has(subject.tenant)) return { status: 404, reason: 'unknown-tenant' };
  const written = segments.at(-1) ?? '';
  const segment = SEGMENT.test(written) ? written : encodeURIComponent(subject.station);
  return { subject, segment, query: mark < 0 ? '' : target.slice(mark) };
}

function decodeSegment(segment: string): string | Refusal {
  const text = decode(segment);
  if (text === undefined) return { status: 400, reason: 'path-bad-percent' };
  const fault = nameFault(text);
  return fault === undefined ? text : NO_NAME[fault];
}

/** Undefined for `%` without two hex digits and for octets that are no UTF-8. */
function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
