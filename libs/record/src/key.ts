/** Whose record it is. `station` is the decoded identity from the connection's path. */
export type Subject = { readonly tenant: string; readonly station: string };

export const DEFAULT_TENANT = 'default';

/** The key of a refusal that names no station. No station has it: a real `-` is percent-encoded. */
export const NO_STATION_KEY = `${DEFAULT_TENANT}/-`;

/**
 * The log's key, `<tenant>/<station>`: one station, one partition (DESIGN 3). Each part is
 * percent-encoded by RFC 3986, so that no part holds the slash and none is a lone dash.
 */
export function recordKey({ tenant, station }: Subject): string {
  return `${encodePart(tenant)}/${encodePart(station)}`;
}

/** The reverse of {@link recordKey}. @returns undefined for {@link NO_STATION_KEY} and for what is no key. */
export function parseKey(key: string): Subject | undefined {
  const slash = key.indexOf('/');
  if (slash < 0 || key === NO_STATION_KEY) return undefined;
  try {
    return {
      tenant: decodeURIComponent(key.slice(0, slash)),
      station: decodeURIComponent(key.slice(slash + 1)),
    };
  } catch {
    return undefined;
  }
}

/**
 * Reads a station as people name it in a file or a command, `[tenant/]station`, each part percent-encoded where
 * it must be. @returns undefined for what names none
 */
export function parseStationName(name: string): Subject | undefined {
  const subject = parseKey(name.includes('/') ? name : `${DEFAULT_TENANT}/${name}`);
  const whole = subject !== undefined && subject.tenant !== '' && subject.station !== '';
  return whole && name.split('/').length <= 2 ? subject : undefined;
}

/** As {@link parseStationName} reads it; the default tenant is left out. */
export function stationName(subject: Subject): string {
  const key = recordKey(subject);
  return subject.tenant === DEFAULT_TENANT ? key.slice(DEFAULT_TENANT.length + 1) : key;
}

function encodePart(part: string): string {
  if (part === '-') return '%2D';
  // A lone surrogate cannot be percent-encoded; it can only come from text that was never valid UTF-8.
  return encodeURIComponent(part.toWellFormed()).replace(/[!'()*]/g, percent);
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
