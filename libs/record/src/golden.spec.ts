import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RECORD_TYPES } from './attributes.ts';
import { readAttributes, writeAttributes } from './compact.ts';
import { fromHeaders, toHeaders } from './headers.ts';
import { partitionOf } from './partition.ts';
import type { Payloads } from './payloads.ts';
import { readPayload, writePayload } from './payloads.ts';
import type { SealingKeys } from './sealing/cipher.ts';
import { createSealer } from './sealing/sealer.ts';
import { openSealed } from './sealing/open-sealed.ts';
import { unseal } from './sealing/unseal.ts';

/**
 * Records as they lie in people's logs. A file is never edited, new ones are added: where this test fails,
 * the code has left behind what it must read for ever.
 */
type Samples = {
  readonly records: readonly {
    readonly name: string;
    readonly key: string;
    readonly partition: number;
    readonly headers: Record<string, string>;
    readonly compact: string;
    /** Base64: as it lies in the log, and as it was before sealing. */
    readonly value: string;
    readonly original: string;
  }[];
};
type Golden = Samples & {
  readonly keys: {
    readonly current: string;
    readonly keys: Record<string, string>;
    readonly standIns: string;
  };
};
const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`../golden/${file}`, import.meta.url), 'utf8')) as unknown;
const golden = read('v1.json') as Golden;
const imports = read('v1-imports.json') as Samples;
const clocks = read('v1-clock.json') as Samples;
const proxies = read('v1-proxy.json') as Samples;

const bytes = (base64: string) => Buffer.from(base64, 'base64');
const keys: SealingKeys = {
  current: golden.keys.current,
  keys: new Map(Object.entries(golden.keys.keys).map(([id, key]) => [id, bytes(key)])),
  standIns: bytes(golden.keys.standIns),
};
const sealer = createSealer(keys);

describe.each([...golden.records, ...imports.records, ...clocks.records, ...proxies.records])(
  'the golden record “$name”',
  ({ key, partition, headers, compact, value, original }) => {
    const attributes = fromHeaders(headers);

    it('has headers that are read and written byte for byte', () => {
      expect(JSON.stringify(toHeaders(attributes))).toBe(JSON.stringify(headers));
    });

    it('has a compact form that is read and written byte for byte', () => {
      expect(readAttributes(compact)).toEqual(attributes);
      expect(writeAttributes(attributes)).toBe(compact);
    });

    it('stands in its partition', () => {
      expect(partitionOf(key)).toBe(partition);
    });

    it('gives back the original with the key', () => {
      const { sealed } = attributes;
      expect(sealed ? Buffer.from(unseal(bytes(value), sealed, keys)) : bytes(value)).toEqual(
        bytes(original),
      );
    });

    it('holds the stand-ins that a search for the same values finds today', () => {
      for (const each of attributes.sealed?.values ?? []) {
        const said = Buffer.from(openSealed(each, keys)).toString();
        expect(bytes(value).toString()).toContain(sealer.standIn(each.class, said));
      }
    });

    it('has a payload that is read and written', () => {
      if (attributes.type === 'ocpp.frame.v1') return;
      const type: keyof Payloads = attributes.type;
      const payload = readPayload(type, bytes(value));
      expect(Buffer.from(writePayload(type, payload))).toEqual(bytes(value));
    });
  },
);

describe('the golden records', () => {
  it('hold every type there is', () => {
    expect(new Set(golden.records.map(({ headers }) => headers.ce_type))).toEqual(new Set(RECORD_TYPES));
  });

  it('hold sealed values of every class and form', () => {
    const values = golden.records.flatMap(({ headers }) => fromHeaders(headers).sealed?.values ?? []);
    expect(new Set(values.map((each) => each.class))).toEqual(
      new Set(['idTag', 'personal', 'secret', 'credential']),
    );
    expect(new Set(values.map(({ form }) => form.json))).toEqual(new Set(['string', 'number', 'text']));
  });
});
