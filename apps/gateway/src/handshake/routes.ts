import { readFileSync } from 'node:fs';
import { variableName } from '@chargeproof/config';
import { DEFAULT_TENANT, parseStationName, recordKey, type Subject } from '@chargeproof/record';
import { UnusableSetting, type GatewaySettings } from '../settings.ts';

const BUILT_IN = 'built-in';

/** Who answers each station: a CSMS by its URL, or the built-in central system. */
export class Routes {
  readonly #upstream: string | undefined;
  /** By key. */
  readonly #own: ReadonlyMap<string, string>;

  constructor(upstream: string | undefined, own: ReadonlyMap<string, string> = new Map()) {
    this.#upstream = upstream;
    this.#own = own;
  }

  /** The upstream's URL or template; undefined where the built-in central system answers. */
  upstreamOf(station: Subject): string | undefined {
    const own = this.#own.get(recordKey(station));
    return own === BUILT_IN ? undefined : (own ?? this.#upstream);
  }
}

/** @throws UnusableSetting in one line that names the file, and the entry that is wrong */
export function readRoutes({ upstream, routes: file, tenants }: GatewaySettings): Routes {
  if (file === undefined) return new Routes(upstream);
  const wrong = (what: string) =>
    new UnusableSetting(`${variableName('gateway', 'routes')}: ${file} ${what}`);
  const own = new Map<string, string>();
  for (const [name, to] of Object.entries(readObject(file, wrong))) {
    const station = parseStationName(name);
    if (station === undefined) throw wrong(`names "${name}", which is no [tenant/]station`);
    if (station.tenant !== DEFAULT_TENANT && !tenants.includes(station.tenant)) {
      throw wrong(`names "${name}", whose tenant is not in ${variableName('gateway', 'tenants')}`);
    }
    if (!isRoute(to)) throw wrong(`sends "${name}" to what is neither a ws(s) URL nor "${BUILT_IN}"`);
    own.set(recordKey(station), to);
  }
  return new Routes(upstream, own);
}

function isRoute(to: unknown): to is string {
  if (typeof to !== 'string') return false;
  return to === BUILT_IN || (URL.canParse(to) && /^wss?:$/.test(new URL(to).protocol));
}

function readObject(file: string, wrong: (what: string) => Error): object {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw wrong(`cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, in one line.
  }
  throw wrong('is no JSON object of stations and their upstreams');
}
