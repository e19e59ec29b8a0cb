import {
  type Listing,
  listOf,
  OPEN_ID_TAGS,
  OPEN_REGISTRATION,
  readIdTagPolicy,
  readRegistrationPolicy,
  type Registration,
  type WrittenIdTags,
} from '@chargeproof/central-system';
import { type centralSystem, readSettingFile, type SettingsOf, variableName } from '@chargeproof/config';
import { DEFAULT_TENANT, parseStationName, recordKey } from '@chargeproof/record';
import { Reloaded } from '../reloaded.ts';
import { UnusableSetting } from '../settings.ts';

export type CentralSystemSettings = SettingsOf<{ centralSystem: typeof centralSystem }>['centralSystem'];

/** What the operator's files say for the stations that are answered here, as they are now. */
export type FilePolicies = {
  /** By key. */
  readonly stations: () => Listing<Registration, Registration>;
  readonly idTagsOf: (tenant: string) => WrittenIdTags;
};

const EVERY_STATION: Listing<Registration, Registration> = {
  find: () => undefined,
  others: OPEN_REGISTRATION.others,
};

/** Of an operator without files. */
export const NO_FILES: FilePolicies = {
  stations: () => EVERY_STATION,
  idTagsOf: (tenant) => listOf(OPEN_ID_TAGS, tenant),
};

/**
 * The policies of the files that the settings name. What is changed in them holds from the next message on.
 * @param onTrouble a file was changed into what cannot be used; what it said before goes on to hold
 * @throws UnusableSetting in one line that names the file and the entry; never a tag
 */
export function readPolicies(
  { registration, idTags }: CentralSystemSettings,
  onTrouble: (error: Error) => void,
): FilePolicies {
  const stations = fileOf('registration', registration, readRegistrations, onTrouble);
  const tags = fileOf('idTags', idTags, (json) => readIdTagPolicy(json, DEFAULT_TENANT), onTrouble);
  return {
    stations: stations === undefined ? NO_FILES.stations : () => stations.value,
    idTagsOf: tags === undefined ? NO_FILES.idTagsOf : (tenant) => listOf(tags.value, tenant),
  };
}

/** By key in place of name. */
function readRegistrations(json: unknown): Listing<Registration, Registration> {
  const { stations, others } = readRegistrationPolicy(json);
  const keyed = new Map(
    [...stations].map(([name, registration]) => {
      const station = parseStationName(name);
      if (station === undefined) throw new Error(`names "${name}", which is no [tenant/]station`);
      return [recordKey(station), registration] as const;
    }),
  );
  return { find: (key) => keyed.get(key), others };
}

function fileOf<Policy>(
  member: 'registration' | 'idTags',
  file: string | undefined,
  read: (json: unknown) => Policy,
  onTrouble: (error: Error) => void,
): Reloaded<Policy> | undefined {
  if (file === undefined) return undefined;
  const variable = variableName('centralSystem', member);
  const readFile = () => {
    const json = parsed(readSettingFile(file, variable), `${variable}: ${file}`);
    try {
      return read(json);
    } catch (error) {
      throw new UnusableSetting(`${variable}: ${file}: ${(error as Error).message}`);
    }
  };
  return new Reloaded([file], readFile, onTrouble);
}

/** Without what the parser says, which quotes the file. */
function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnusableSetting(`${what} is no JSON`);
  }
}
