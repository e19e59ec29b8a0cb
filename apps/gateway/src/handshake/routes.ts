import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { variableName } from '@chargeproof/config';
import { DEFAULT_TENANT, parseStationName, recordKey, type Subject } from '@chargeproof/record';
import { Reloaded } from '../reloaded.ts';
import { UnusableSetting, type GatewaySettings } from '../settings.ts';
import { BUILT_IN, readRouteEntry } from './route-entry.ts';
import { accessOf, type AccessFiles, type UpstreamAccess } from './upstream-access.ts';

/** A CSMS: its URL or the template of it, and what it is shown. */
export type Upstream = { readonly template: string; readonly access: Reloaded<UpstreamAccess> };

/** By key; undefined where the built-in central system answers. */
type OwnRoutes = ReadonlyMap<string, Upstream | undefined>;

/** Who answers each station: a CSMS, or the built-in central system. */
export class Routes {
  readonly #common: Upstream | undefined;
  readonly #own: Reloaded<OwnRoutes>;

  constructor(common: Upstream | undefined, own: Reloaded<OwnRoutes>) {
    this.#common = common;
    this.#own = own;
  }

  /** Undefined where the built-in central system answers. */
  upstreamOf(station: Subject): Upstream | undefined {
    const key = recordKey(station);
    const own = this.#own.value;
    return own.has(key) ? own.get(key) : this.#common;
  }
}

/**
 * @param onTrouble a file was changed into what cannot be used; what it said before goes on to hold
 * @throws UnusableSetting in one line that names the file, and the entry that is wrong
 */
export function readRoutes(settings: GatewaySettings, onTrouble: (error: Error) => void): Routes {
  const { routes: file } = settings;
  const common = commonAccess(settings);
  const read = (): OwnRoutes => (file === undefined ? new Map() : readOwn(file, settings, common, onTrouble));
  return new Routes(
    upstreamOfAll(settings, common, onTrouble),
    new Reloaded(file === undefined ? [] : [file], read, onTrouble),
  );
}

/** @throws UnusableSetting for one file of a pair */
function commonAccess(settings: GatewaySettings): AccessFiles {
  const { upstream, upstreamCa: ca, upstreamCertificate: certificate, upstreamKey: key } = settings;
  const [certificateName, keyName, caName] = (
    ['upstreamCertificate', 'upstreamKey', 'upstreamCa'] as const
  ).map((member) => variableName('gateway', member));
  if ((certificate === undefined) !== (key === undefined)) {
    throw new UnusableSetting(`${certificateName} and ${keyName} need each other: set both or none`);
  }
  const isUsed = (ca ?? certificate) !== undefined;
  if (isUsed && !(upstream ?? '').startsWith('wss:')) {
    const set = ca === undefined ? certificateName : caName;
    throw new UnusableSetting(`${set} is set, and ${variableName('gateway', 'upstream')} is no wss:// URL`);
  }
  return { ca, certificate, key };
}

function upstreamOfAll(
  { upstream: template }: GatewaySettings,
  files: AccessFiles,
  onTrouble: (error: Error) => void,
): Upstream | undefined {
  if (template === undefined) return undefined;
  try {
    return { template, access: accessOf(files, onTrouble) };
  } catch (error) {
    const name = variableName('gateway', 'upstream');
    throw new UnusableSetting(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readOwn(
  file: string,
  { upstream, tenants }: GatewaySettings,
  common: AccessFiles,
  onTrouble: (error: Error) => void,
): OwnRoutes {
  const wrong = (what: string) =>
    new UnusableSetting(`${variableName('gateway', 'routes')}: ${file} ${what}`);
  const own = new Map<string, Upstream | undefined>();
  for (const [name, value] of Object.entries(readObject(file, wrong))) {
    const station = parseStationName(name);
    if (station === undefined) throw wrong(`names "${name}", which is no [tenant/]station`);
    if (station.tenant !== DEFAULT_TENANT && !tenants.includes(station.tenant)) {
      throw wrong(`names "${name}", whose tenant is not in ${variableName('gateway', 'tenants')}`);
    }
    const entry = readRouteEntry(value, station.station, dirname(file), upstream);
    if (typeof entry === 'string') throw wrong(`sends "${name}" ${entry}`);
    const { url, access } = entry;
    // What the upstream of all is shown is shown to nobody else.
    const files = url === undefined ? { ...common, ...defined(access) } : access;
    try {
      const template = url ?? upstream;
      const isBuiltIn = template === BUILT_IN || template === undefined;
      own.set(recordKey(station), isBuiltIn ? undefined : { template, access: accessOf(files, onTrouble) });
    } catch (error) {
      throw wrong(`sends "${name}" with what cannot be used: ${(error as Error).message}`);
    }
  }
  return own;
}

const defined = (files: AccessFiles): AccessFiles =>
  Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined));

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
