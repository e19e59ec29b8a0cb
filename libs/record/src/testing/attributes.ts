import fc from 'fast-check';
import type { Attributes } from '../attributes.ts';
import { RECORD_TYPES } from '../attributes.ts';
import { connectionId, recordId, runId } from '../ids.ts';
import type { Sealed } from '../sealed.ts';

/** Arbitrary attributes, usual and unusual alike, for round trips. Only for specs. */
const micros = fc.integer({ min: 0, max: 8_000_000_000_000_000 });
const random = fc.stringMatching(/^[0-9a-z]{6}$/);
const word = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Z0-9-]{1,20}$/));

const run = fc.tuple(micros, random).map(([started, tail]) => runId(started, tail));
const oursOrNot = fc.tuple(run, micros, fc.nat(), fc.nat()).map(([source, opened, ordinal, sequence]) => {
  const connection = connectionId(opened, source, ordinal);
  return { source, connection, sequence, id: recordId(connection, sequence) };
});
const odd = fc.record(
  { id: word, source: fc.oneof(word, fc.constant('abcdefghijk-')), connection: word, sequence: fc.nat() },
  { requiredKeys: ['id', 'source'] },
);

export const anySealed: fc.Arbitrary<Sealed> = fc.record(
  {
    version: fc.constant(1 as const),
    values: fc.array(
      fc.record({
        offset: fc.nat(),
        length: fc.nat(),
        standInLength: fc.nat(22),
        class: fc.constantFrom('idTag', 'personal', 'secret', 'credential'),
        key: fc.stringMatching(/^[a-z0-9]{1,8}$/),
        nonce: fc.base64String(),
        ciphertext: fc.base64String(),
        form: fc.record({
          json: fc.constantFrom('string', 'number', 'other', 'text'),
          codePoints: fc.nat(),
          alphabet: fc.constantFrom('digits', 'hex', 'alphanumeric', 'ascii', 'unicode'),
          spelling: fc.base64String(),
        }),
      }),
      { maxLength: 3 },
    ),
    verdict: fc.record({ reason: word, offset: fc.nat() }),
  },
  { requiredKeys: ['version', 'values'] },
);

const others = fc.record(
  {
    type: fc.constantFrom(...RECORD_TYPES),
    tenant: fc.oneof(fc.constant('default'), word),
    subject: word,
    time: micros,
    witness: fc.constantFrom('wire', 'import'),
    monotonic: fc.nat(),
    protocol: fc.constantFrom('ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'),
    direction: fc.constantFrom('station-to-csms', 'csms-to-station'),
    origin: fc.constantFrom('station', 'csms', 'gateway'),
    opcode: fc.constantFrom('text', 'binary'),
    sealed: anySealed,
    cut: fc.record({ bytes: fc.nat(), sha256: fc.stringMatching(/^[0-9a-f]{64}$/) }),
    loggedat: micros,
    claimed: word,
    inferred: fc.constant('direction'),
  },
  { requiredKeys: ['type', 'tenant', 'time', 'witness'] },
);

export const anyAttributes: fc.Arbitrary<Attributes> = fc
  .tuple(fc.oneof(oursOrNot, odd), others)
  .map(([identity, rest]) => ({ ...identity, ...rest }));
