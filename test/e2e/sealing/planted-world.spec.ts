import { createFolder } from '@chargeproof/projection';
import {
  type Appended,
  actOut,
  drive,
  sealedWorld,
  toLog,
  trafficOf,
  WORLD_KEYS,
} from '@chargeproof/projection/testing';
import { PROJECTIONS } from '@chargeproof/projections';
import { toHeaders, unseal, writeAttributes } from '@chargeproof/record';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planted, plants, readable } from './planting.ts';
import { isFound } from './search.ts';

const RUNS = 300;
const folder = createFolder(PROJECTIONS);

/** All that is kept of records: values, and their attributes in each of the forms that logs have. */
const recordsOf = (appended: readonly Appended[]) =>
  appended.map(({ record: { key, value, attributes } }) => {
    const written = [key, writeAttributes(attributes), JSON.stringify(toHeaders(attributes))].join('\n');
    return `${Buffer.from(value).toString('latin1')}\n${written}`;
  });

/** All that is kept of what they are folded to. */
const factsOf = (appended: readonly Appended[]) => {
  const { facts, parked } = drive(folder, toLog(appended), []);
  expect(parked).toEqual([]);
  return JSON.stringify(facts);
};

const found = (text: string, secrets: readonly string[]) => {
  const bytes = Buffer.from(readable(text), 'latin1');
  return secrets.filter((secret) => isFound(bytes, secret));
};

it(`neither records nor facts tell a tag or a secret that was planted in ${RUNS} generated worlds, and the key gives every byte back`, () => {
  const forms = { sealed: 0, facts: 0 };
  fc.assert(
    fc.property(trafficOf(32), plants, (actions, wanted) => {
      const { traffic, secrets } = planted(actOut(actions), wanted);
      const sealed = sealedWorld(traffic);
      expect(found(recordsOf(sealed).join('\n'), secrets)).toEqual([]);
      const facts = factsOf(sealed);
      expect(found(facts, secrets)).toEqual([]);
      sealed.forEach(({ record: { attributes, value } }, index) => {
        const original = traffic[index]?.record.value ?? new Uint8Array();
        const opened = attributes.sealed ? unseal(value, attributes.sealed, WORLD_KEYS) : value;
        expect(Buffer.compare(opened, original)).toBe(0);
        if (attributes.sealed) forms.sealed++;
      });
      forms.facts += facts.split('"stand_in"').length - 1;
    }),
    { numRuns: RUNS },
  );
  expect(forms.sealed).toBeGreaterThan(RUNS);
  expect(forms.facts).toBeGreaterThan(RUNS);
});

it('control: with sealing off the records tell all of them, and the facts many', () => {
  let inFacts = 0;
  fc.assert(
    fc.property(trafficOf(32), plants, (actions, wanted) => {
      const { traffic, secrets } = planted(actOut(actions), wanted);
      expect(found(recordsOf(traffic).join('\n'), secrets)).toEqual(secrets);
      inFacts += found(factsOf(traffic), secrets).length;
    }),
    { numRuns: RUNS / 10, seed: 7 },
  );
  expect(inFacts).toBeGreaterThan(0);
});
