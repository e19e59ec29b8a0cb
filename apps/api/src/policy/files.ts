import { statSync } from 'node:fs';
import {
  type IdTag,
  type IdTagPolicy,
  type IdTagStatus,
  jsonOf,
  listOf,
  readIdTagPolicy,
  readRegistrationPolicy,
  recordedTag,
  type Registration,
} from '@chargeproof/central-system';
import { type centralSystem, readSettingFile, type SettingsOf, variableName } from '@chargeproof/config';
import { createSealer, DEFAULT_TENANT, parseKey } from '@chargeproof/record';
import { GraphQLError } from 'graphql';
import type { DecisionLog } from '../deciding/decision-log.ts';

export type PolicyFileNames = Pick<
  SettingsOf<{ centralSystem: typeof centralSystem }>['centralSystem'],
  'registration' | 'idTags'
>;

/** What a file says of a tenant's tags, by what stands for them in the record; parents are so, too. */
export type FiledIdTags = { readonly idTags: ReadonlyMap<string, IdTag>; readonly others: IdTagStatus };
export type FiledRegistrations = {
  readonly stations: ReadonlyMap<string, Registration>;
  readonly others: Registration;
};

/** What the operator's files say beneath what was decided, where this process's settings name them. */
export class PolicyFiles {
  readonly #names: Partial<PolicyFileNames>;
  readonly #sealing: Pick<DecisionLog, 'keys' | 'rules'> | undefined;
  /** Making stand-ins of a long list takes seconds: those of the file as it is are kept. */
  #idTags: { readonly version: string; readonly byTenant: Map<string, FiledIdTags> } | undefined;

  constructor(names: PolicyFileNames | undefined, sealing: Pick<DecisionLog, 'keys' | 'rules'> | undefined) {
    this.#names = names ?? {};
    this.#sealing = sealing;
  }

  /** Undefined where there is no file. @throws GraphQLError that says what to do; CannotDecide without keys */
  async idTagsOf(tenant: string): Promise<FiledIdTags | undefined> {
    const { idTags: file } = this.#names;
    if (file === undefined || this.#sealing === undefined) return undefined;
    const version = versionOf(file);
    if (this.#idTags?.version !== version) this.#idTags = { version, byTenant: new Map() };
    const { byTenant } = this.#idTags;
    const known = byTenant.get(tenant);
    if (known !== undefined) return known;
    const policy = readPolicy(file, 'idTags', (json) => readIdTagPolicy(json, DEFAULT_TENANT));
    const sealer = createSealer(await this.#sealing.keys(), this.#sealing.rules);
    const filed = filedOf(policy, tenant, (idTag) => recordedTag(sealer, idTag));
    byTenant.set(tenant, filed);
    return filed;
  }

  /** Undefined where there is no file. @throws GraphQLError that says what to do */
  registrationsOf(tenant: string): FiledRegistrations | undefined {
    const { registration: file } = this.#names;
    if (file === undefined) return undefined;
    const { stations, others } = readPolicy(file, 'registration', readRegistrationPolicy);
    const own = [...stations].flatMap(([key, registration]) => {
      const subject = parseKey(key);
      return subject?.tenant === tenant ? [[subject.station, registration] as const] : [];
    });
    return { stations: new Map(own), others };
  }
}

function filedOf(policy: IdTagPolicy, tenant: string, recorded: (idTag: string) => string): FiledIdTags {
  const { all, others } = listOf(policy, tenant);
  const idTags = all.map(([idTag, { parentIdTag, ...info }]) => {
    const parent =
      parentIdTag === undefined || parentIdTag === '' ? {} : { parentIdTag: recorded(parentIdTag) };
    return [recorded(idTag), { ...info, ...parent }] as const;
  });
  return { idTags: new Map(idTags), others };
}

function versionOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
}

/** What cannot be used is told without what stands there. */
function readPolicy<Policy>(
  file: string,
  member: keyof PolicyFileNames,
  read: (json: unknown) => Policy,
): Policy {
  const variable = variableName('centralSystem', member);
  try {
    return read(jsonOf(readSettingFile(file, variable)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const named = why.startsWith(variable) ? why : `${variable}: ${file}: ${why}`;
    throw new GraphQLError(`what the file says cannot be told: ${named}`, {
      extensions: { code: 'UNAVAILABLE' },
    });
  }
}
