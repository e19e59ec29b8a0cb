import type { TLSSocket } from 'node:tls';

/** One entry as Node writes it: in quotes where it holds what could be taken for two. Entry follows entry, without a gap. */
const ENTRY = /(?:^|, )([\w ]+):("(?:[^"\\]|\\.)*"|[^,"]*)/gy;
const NAMES: ReadonlySet<string> = new Set(['DNS', 'URI']);

/**
 * The names that a peer's certificate is for: common names, and DNS names and URIs of its alternative names.
 * They are compared as a station's identity is: letter by letter.
 */
export function certificateNames(socket: TLSSocket): ReadonlySet<string> {
  const { subject, subjectaltname } = socket.getPeerCertificate();
  // An empty object where there is none.
  const common: string | string[] = (subject as typeof subject | undefined)?.CN ?? [];
  return new Set([...[common].flat(), ...alternativeNames(subjectaltname)]);
}

/** @param text as of `PeerCertificate.subjectaltname` */
export function alternativeNames(text: string | undefined): string[] {
  const entries = [...(text ?? '').matchAll(ENTRY)];
  return entries.flatMap(([, kind = '', name = '']) => (NAMES.has(kind) ? (unquoted(name) ?? []) : []));
}

function unquoted(name: string): string | undefined {
  if (!name.startsWith('"')) return name;
  try {
    return String(JSON.parse(name));
  } catch {
    return undefined;
  }
}
