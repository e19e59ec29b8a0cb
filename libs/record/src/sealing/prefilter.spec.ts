import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInJson, isCutOff } from './find-tokens.ts';
import { Findings } from './finding.ts';
import { Layer } from './layer.ts';
import { Names } from './names.ts';
import * as rules from './rules.ts';
import { WordSearch } from './word-search.ts';

const names = new Names();
const all = [...Object.values(rules.MEMBERS).flat(), ...rules.SECRET_WORDS, ...rules.TAG_WORDS];
const cased = (name: string) =>
  fc
    .tuple(
      fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }),
      fc.constantFrom('', '_', '-', '.', ' '),
    )
    .map(([upper, separator]) =>
      name
        .split(/(?=[A-Z])/)
        .join(separator)
        .replace(/[a-z]/gi, (letter, at: number) =>
          upper[at] ? letter.toUpperCase() : letter.toLowerCase(),
        ),
    );
const anyName = fc.constantFrom(...all).chain(cased);

describe('the search before sealing', () => {
  it('finds every listed name in any letters and with any separator', () => {
    fc.assert(
      fc.property(anyName, fc.string(), fc.string(), (name, before, behind) => {
        expect(names.mightHold(`${before}${name}${behind}`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('knows as a name only what it finds', () => {
    fc.assert(
      fc.property(fc.oneof(anyName, fc.string({ unit: 'binary-ascii' })), (name) => {
        if (names.memberClass(name) ?? names.settingClass(name)) expect(names.mightHold(name)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('passes over no JSON in which a rule would find something', () => {
    const vocabulary = fc.oneof(
      fc.constantFrom(
        'key',
        'value',
        'variable',
        'name',
        'type',
        'vpn',
        'certificate',
        'serialNumber',
        'data',
        'rawPath',
      ),
      fc.constantFrom(
        'customerCertificate',
        'iso15118CertificateHashData',
        'attributeValue',
        'token',
        'info',
      ),
      anyName,
    );
    const text = fc.oneof(
      vocabulary,
      fc.constantFrom('a://b:c@d', '/x?token=1', 'OCMF|{"ID":"x"}', 'T0NNRnx7', '{"value":"1","k'),
    );
    const { json } = fc.letrec<{ json: unknown; object: unknown }>((tie) => ({
      json: fc.oneof({ maxDepth: 4 }, text, fc.nat(), tie('object'), fc.array(tie('json'), { maxLength: 3 })),
      object: fc.dictionary(vocabulary, tie('json'), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(json, (value) => {
        const written = JSON.stringify(value);
        const findings = new Findings(names);
        findInJson(new Layer(written), findings);
        const isPassedOver = !names.mightHold(written) && !isCutOff(written);
        if (isPassedOver) expect(findings.inOrder(written)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it('lets the usual frames pass', () => {
    for (const frame of [
      '[2,"1","Heartbeat",{}]',
      '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]',
      '[2,"1","MeterValues",{"connectorId":1,"transactionId":7,"meterValue":[{"timestamp":"2026-11-21T09:42:00Z","sampledValue":[{"value":"1","measurand":"Energy.Active.Import.Register"}]}]}]',
      '[2,"1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","firmwareVersion":"1.0"}]',
    ]) {
      expect(names.mightHold(frame)).toBe(false);
    }
  });

  it('searches as String.includes would', () => {
    const letters = fc.stringMatching(/^[abc]{1,4}$/);
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 5 }),
        fc.stringMatching(/^[abcdABC_]{0,20}$/),
        (words, text) => {
          const plain = text.toLowerCase().replaceAll('_', '');
          const search = new WordSearch(words, '_');
          expect(search.isIn(text, 0, text.length)).toBe(words.some((word) => plain.includes(word)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is the same for parameters of a URL', () => {
    expect([
      names.parameterClass('X-Amz-Signature'),
      names.parameterClass('PASSWORD'),
      names.parameterClass('idtag'),
    ]).toEqual(['secret', 'secret', 'idTag']);
    expect(names.parameterClass('station')).toBeUndefined();
  });
});
