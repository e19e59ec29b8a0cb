import type { StationDevice } from './profile.ts';
import { STANDARD_KEYS, type KeyDefinition, type StandardKey } from './standard-keys.ts';

export type ConfigurationKey = { readonly key: string; readonly readonly: boolean; readonly value: string };
export type Change = 'Accepted' | 'Rejected' | 'NotSupported';

const FITS: Readonly<Record<KeyDefinition['type'], (value: string) => boolean>> = {
  boolean: (value) => /^(true|false)$/i.test(value),
  integer: (value) => /^\d{1,9}$/.test(value),
  list: () => true,
};

const isKey = (key: string): key is StandardKey => Object.hasOwn(STANDARD_KEYS, key);

/** The keys of one station, as they are now. Names are compared without letter case (OCPP 1.6, 5.3). */
export class StationConfiguration {
  readonly #values = new Map<StandardKey, string>();
  readonly #access: NonNullable<StationDevice['access']>;

  constructor({ configuration, access = {} }: Pick<StationDevice, 'configuration' | 'access'>) {
    this.#access = access;
    for (const [key, value] of Object.entries(configuration))
      if (isKey(key) && typeof value === 'string') this.#values.set(key, value);
  }

  /** Empty where the station has no such key. */
  text(key: StandardKey): string {
    return this.#values.get(key) ?? '';
  }

  /** 0 where the station has no such key. */
  number(key: StandardKey): number {
    return Number(this.text(key));
  }

  isOn(key: StandardKey): boolean {
    return this.text(key).toLowerCase() === 'true';
  }

  list(key: StandardKey): readonly string[] {
    const items = this.text(key).split(',');
    return items.map((item) => item.trim()).filter((item) => item !== '');
  }

  has(key: StandardKey): boolean {
    return this.#values.has(key);
  }

  /** GetConfiguration.conf: all keys where none is asked for, and no more than the station gives at once. */
  read(asked: readonly string[]): { configurationKey: ConfigurationKey[]; unknownKey?: string[] } {
    if (asked.length === 0)
      return { configurationKey: [...this.#values.keys()].map((key) => this.#entry(key)) };
    const most = this.number('GetConfigurationMaxKeys') || asked.length;
    const found = asked.slice(0, most).map((key) => [key, this.#find(key)] as const);
    const unknownKey = found.flatMap(([key, known]) => (known === undefined ? [key] : []));
    return {
      configurationKey: found.flatMap(([, known]) => (known === undefined ? [] : [this.#entry(known)])),
      ...(unknownKey.length > 0 ? { unknownKey } : {}),
    };
  }

  /** ChangeConfiguration (OCPP 1.6, 5.3). */
  change(key: string, value: string): Change {
    const known = this.#find(key);
    if (known === undefined) return 'NotSupported';
    if (this.#isReadOnly(known) || !FITS[STANDARD_KEYS[known].type](value)) return 'Rejected';
    this.#values.set(known, value);
    return 'Accepted';
  }

  #entry(key: StandardKey): ConfigurationKey {
    return { key, readonly: this.#isReadOnly(key), value: this.text(key) };
  }

  #isReadOnly(key: StandardKey): boolean {
    return (this.#access[key] ?? STANDARD_KEYS[key].access) === 'read';
  }

  #find(key: string): StandardKey | undefined {
    for (const known of this.#values.keys()) if (known.toLowerCase() === key.toLowerCase()) return known;
    return undefined;
  }
}
