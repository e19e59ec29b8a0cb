import { latin1, utf8 } from '@chargeproof/json';
import type { SealedValue } from '../sealed.ts';
import { formatMicros, type Micros } from '../time.ts';
import { Cipher, Hashes, type SealingKeys } from './cipher.ts';
import { MAX_DEPTH } from './find-tokens.ts';
import { Layer } from './layer.ts';

/** Why a value stays sealed: its key was erased for good, is not in the keyring, or one of the two was changed. */
export type WhySealed = 'key-erased' | 'key-missing' | 'changed';

/** A sealed value that these keys do not open. */
export class StaysSealed extends Error {
  override readonly name = 'StaysSealed';
  readonly why: WhySealed;

  constructor(message: string, why: WhySealed = 'key-missing') {
    super(message);
    this.why = why;
  }
}

type Keys = Pick<SealingKeys, 'keys' | 'erased'>;
type Box = Pick<SealedValue, 'class' | 'key' | 'nonce' | 'ciphertext'>;

/** The bytes of one value as they stood in the frame, escapes and all. @throws StaysSealed naming the key */
export function openSealed(box: Box, { keys, erased }: Keys): Uint8Array {
  const key = keys.get(box.key);
  if (key === undefined) throw withoutKey(box.key, erased?.get(box.key));
  return opened(box, new Cipher(key));
}

function opened({ class: sealedClass, key, nonce, ciphertext }: Box, cipher: Cipher): Uint8Array {
  try {
    return cipher.open(sealedClass, nonce, ciphertext);
  } catch {
    throw changed(key);
  }
}

function withoutKey(id: string, erased: Micros | undefined): StaysSealed {
  if (erased === undefined) return new StaysSealed(`the keyring has no key ${id}`);
  const day = formatMicros(erased).slice(0, 10);
  return new StaysSealed(
    `key ${id} was erased on ${day}: what it sealed can no longer be opened`,
    'key-erased',
  );
}

const changed = (id: string) =>
  new StaysSealed(`key ${id} does not open what it sealed: one of the two was changed`, 'changed');

/** A sealed value without the frame it stood in. */
export type Named = Box & { readonly standIn: string };

/**
 * Opens many: what a stand-in stands for, in the spelling that was sealed, escapes undone. How often a value was
 * escaped (JSON in a string in a string) is not kept: it is what the stand-in is the hash of.
 * @returns a function that throws StaysSealed naming the key; also where the stand-in stands for something else
 */
export function createOpener({ keys, erased, standIns }: SealingKeys): (named: Named) => string {
  const hashes = new Hashes(standIns);
  const ciphers = new Map([...keys].map(([id, key]) => [id, new Cipher(key)]));
  return (named) => {
    const cipher = ciphers.get(named.key);
    if (cipher === undefined) throw withoutKey(named.key, erased?.get(named.key));
    let text = latin1(opened(named, cipher));
    for (let depth = 0; depth <= MAX_DEPTH + 1; depth++) {
      const said = utf8(text);
      if (hashes.standIn(named.class, said) === named.standIn) return said;
      text = new Layer(text).unescape(0, text.length).text;
    }
    throw changed(named.key);
  };
}
