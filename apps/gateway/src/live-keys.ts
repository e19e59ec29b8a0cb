import { join } from 'node:path';
import { KEY_FILE, rereadKeyring } from '@chargeproof/keyring';
import { createSealer, type OwnRules, type SealingKeys, StaysSealed, unseal } from '@chargeproof/record';
import { Reloaded } from './reloaded.ts';
import type { Sealer, Unsealer } from './sealer.ts';

/** How often the key file is looked at: a new key seals so soon after it was made. */
const LOOK_MILLISECONDS = 1000;

export type LiveKeysOptions = {
  /** Where the key file is, and what was read from it. */
  readonly folder: string;
  readonly keys: SealingKeys;
  /** What this deployment seals besides. */
  readonly rules?: OwnRules | undefined;
  /** Called when other keys are in force. */
  readonly onChange: (keys: SealingKeys) => void;
  /** Called when the file cannot be used; what was read before goes on to hold. */
  readonly onTrouble: (error: Error) => void;
};

/** Seals with the key file's current key and opens with any of its keys, as the file is now (decision 19), until its process ends. */
export class LiveKeys {
  readonly #options: LiveKeysOptions;
  readonly #file: Reloaded<SealingKeys>;
  #keys: SealingKeys;
  #sealer: Sealer;

  constructor(options: LiveKeysOptions) {
    const { folder, keys, rules, onTrouble } = options;
    this.#options = options;
    this.#keys = keys;
    this.#sealer = createSealer(keys, rules);
    this.#file = new Reloaded(
      [join(folder, KEY_FILE)],
      () => {
        const read = rereadKeyring(folder, this.#keys);
        return isSame(read, this.#keys) ? this.#keys : read;
      },
      onTrouble,
    );
    this.#look();
    setInterval(() => {
      this.#look();
    }, LOOK_MILLISECONDS).unref();
  }

  readonly sealer: Sealer = { seal: (value, opcode) => this.#sealer.seal(value, opcode) };

  readonly unseal: Unsealer = (value, sealed) => {
    try {
      return unseal(value, sealed, this.#keys);
    } catch (error) {
      if (!(error instanceof StaysSealed)) throw error;
      // Whoever sealed it may have read a newer file than we have yet.
      this.#look();
      return unseal(value, sealed, this.#keys);
    }
  };

  #look(): void {
    const keys = this.#file.value;
    if (keys === this.#keys) return;
    this.#keys = keys;
    this.#sealer = createSealer(keys, this.#options.rules);
    this.#options.onChange(keys);
  }
}

const isSame = (a: SealingKeys, b: SealingKeys) =>
  a.current === b.current && [...a.keys.keys()].join() === [...b.keys.keys()].join();
