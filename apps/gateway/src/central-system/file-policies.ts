import {
  jsonOf,
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
import { DEFAULT_TENANT } from '@chargeproof/record';
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
  const stations = fileOf('registration', registration, registrationsIn, onTrouble);
  const tags = fileOf('idTags', idTags, (json) => readIdTagPolicy(json, DEFAULT_TENANT), onTrouble);
  return {
    stations: stations === undefined ? NO_FILES.stations : () => stations.value,
    idTagsOf: tags === undefined ? NO_FILES.idTagsOf : (tenant) => listOf(tags.value, tenant),
  };
}

function registrationsIn(json: unknown): Listing<Registration, Registration> {
  const { stations, others } = readRegistrationPolicy(json);
  return { find: (key) => stations.get(key), others };
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
    const text = readSettingFile(file, variable);
    try {
      return read(jsonOf(text));
    } catch (error) {
      throw new UnusableSetting(`${variable}: ${file}: ${(error as Error).message}`);
    }
  };
  return new Reloaded([file], readFile, onTrouble);
}
