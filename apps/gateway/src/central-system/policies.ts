import {
  listOf,
  OPEN_ID_TAGS,
  OPEN_REGISTRATION,
  readIdTagPolicy,
  readRegistrationPolicy,
  type Registration,
  type RegistrationPolicy,
  type StationPolicy,
} from '@chargeproof/central-system';
import { type centralSystem, readSettingFile, type SettingsOf, variableName } from '@chargeproof/config';
import { DEFAULT_TENANT, parseStationName, recordKey, type Subject } from '@chargeproof/record';
import { Reloaded } from '../reloaded.ts';
import { UnusableSetting } from '../settings.ts';

export type CentralSystemSettings = SettingsOf<{ centralSystem: typeof centralSystem }>['centralSystem'];

/** What the operator has decided for the stations that are answered here, as the files say it now. */
export type Policies = {
  readonly registrationOf: (station: Subject) => Registration;
  readonly idTagsOf: (tenant: string) => StationPolicy['idTags'];
};

/** Of an operator without files. */
export const OPEN: Policies = {
  registrationOf: () => OPEN_REGISTRATION.others,
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
): Policies {
  const stations = fileOf('registration', registration, readRegistrations, onTrouble);
  const tags = fileOf('idTags', idTags, (json) => readIdTagPolicy(json, DEFAULT_TENANT), onTrouble);
  return {
    registrationOf:
      stations === undefined ? OPEN.registrationOf : (station) => ofStation(stations.value, station),
    idTagsOf: tags === undefined ? OPEN.idTagsOf : (tenant) => listOf(tags.value, tenant),
  };
}

const ofStation = ({ stations, others }: RegistrationPolicy, station: Subject): Registration =>
  stations.get(recordKey(station)) ?? others;

/** By key in place of name. */
function readRegistrations(json: unknown): RegistrationPolicy {
  const { stations, others } = readRegistrationPolicy(json);
  const keyed = [...stations].map(([name, registration]) => {
    const station = parseStationName(name);
    if (station === undefined) throw new Error(`names "${name}", which is no [tenant/]station`);
    return [recordKey(station), registration] as const;
  });
  return { stations: new Map(keyed), others };
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
