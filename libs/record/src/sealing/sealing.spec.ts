import { describe, expect, it } from 'vitest';
import { testKeys, tracesOf } from '../testing/secrets.ts';
import { isStandIn } from './cipher.ts';
import { createOpener, openSealed, type StaysSealed } from './open-sealed.ts';
import { createSealer } from './sealer.ts';
import { originalOffset, standInsOf, unseal } from './unseal.ts';

const sealer = createSealer(testKeys);
const seal = (text: string) => {
  const original = Buffer.from(text);
  const { value, sealed } = sealer.seal(original, 'text');
  return { original, text: Buffer.from(value).toString(), value, sealed };
};
const tag = (value: string) => sealer.standIn('idTag', value);
const secret = (value: string) => sealer.standIn('secret', value);
const credential = (value: string) => sealer.standIn('credential', value);
const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const T = 'DEADBEEF0042';
const S = 'Geheim-4711-xyz';

/** What stands in the frame, and what stands in the log instead. */
const CASES: readonly (readonly [what: string, frame: string, logged: string])[] = [
  ['a tag', `[2,"1","Authorize",{"idTag":"${T}"}]`, `[2,"1","Authorize",{"idTag":"${tag(T)}"}]`],
  [
    'a tag that is a number',
    '[2,"1","Authorize",{"idTag":12345678}]',
    `[2,"1","Authorize",{"idTag":"${tag('12345678')}"}]`,
  ],
  [
    'a name in other letters',
    `[2,"1","Authorize",{"IDTAG" : "${T}"}]`,
    `[2,"1","Authorize",{"IDTAG" : "${tag(T)}"}]`,
  ],
  [
    'an escaped name',
    `[2,"1","Authorize",{"\\u0069dTag":"${T}"}]`,
    `[2,"1","Authorize",{"\\u0069dTag":"${tag(T)}"}]`,
  ],
  ['an escaped value', `[2,"1","A",{"idTag":"\\u0044EADBEEF0042"}]`, `[2,"1","A",{"idTag":"${tag(T)}"}]`],
  [
    'both of two equal names',
    `[2,"1","A",{"idTag":"${T}","idTag":"${S}"}]`,
    `[2,"1","A",{"idTag":"${tag(T)}","idTag":"${tag(S)}"}]`,
  ],
  [
    'what a station knows of a customer',
    `[2,"1","NotifyCustomerInformation",{"data":"card ${T} of J. Doe","seqNo":0,"generatedAt":"2026-01-01T00:00:00Z","requestId":1}]`,
    `[2,"1","NotifyCustomerInformation",{"data":"${sealer.standIn('personal', `card ${T} of J. Doe`)}","seqNo":0,"generatedAt":"2026-01-01T00:00:00Z","requestId":1}]`,
  ],
  [
    'a parent tag',
    `[3,"1",{"idTagInfo":{"status":"Accepted","parentIdTag":"${T}"}}]`,
    `[3,"1",{"idTagInfo":{"status":"Accepted","parentIdTag":"${tag(T)}"}}]`,
  ],
  [
    'a list of tags',
    `[2,"1","SendLocalList",{"listVersion":1,"localAuthorizationList":[{"idTag":"${T}","idTagInfo":{"status":"Accepted"}},{"idTag":"${S}"}]}]`,
    `[2,"1","SendLocalList",{"listVersion":1,"localAuthorizationList":[{"idTag":"${tag(T)}","idTagInfo":{"status":"Accepted"}},{"idTag":"${tag(S)}"}]}]`,
  ],
  [
    'nested 2.x tokens',
    `[2,"1","SendLocalList",{"localAuthorizationList":[{"idToken":{"idToken":"${T}","type":"ISO14443","additionalInfo":[{"additionalIdToken":"${S}","type":"x"}]},"idTokenInfo":{"status":"Accepted","groupIdToken":{"idToken":"${T}1","type":"Central"}}}]}]`,
    `[2,"1","SendLocalList",{"localAuthorizationList":[{"idToken":{"idToken":"${tag(T)}","type":"ISO14443","additionalInfo":[{"additionalIdToken":"${tag(S)}","type":"x"}]},"idTokenInfo":{"status":"Accepted","groupIdToken":{"idToken":"${tag(`${T}1`)}","type":"Central"}}}]}]`,
  ],
  [
    'a list under the name itself',
    `[2,"1","X",{"idTag":["${T}",["${S}"]]}]`,
    `[2,"1","X",{"idTag":["${tag(T)}",["${tag(S)}"]]}]`,
  ],
  [
    'a key and its value',
    `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"${S}"}]`,
    `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"${secret(S)}"}]`,
  ],
  [
    'a value before its key',
    `[2,"1","ChangeConfiguration",{"value":"${S}","key":"authorizationkey"}]`,
    `[2,"1","ChangeConfiguration",{"value":"${secret(S)}","key":"authorizationkey"}]`,
  ],
  [
    'a key in an answer, among others',
    `[3,"1",{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"},{"key":"AuthorizationKey","readonly":false,"value":"${S}"},{"key":"Empty","value":""}]}]`,
    `[3,"1",{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"},{"key":"AuthorizationKey","readonly":false,"value":"${secret(S)}"},{"key":"Empty","value":""}]}]`,
  ],
  [
    'a variable and its value, either way round',
    `[2,"1","SetVariables",{"setVariableData":[{"attributeValue":"${S}","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}},{"variable":{"name":"BasicAuthPassword"},"attributeValue":"${S}2"},{"variable":{"name":"Interval"},"attributeValue":"60"}]}]`,
    `[2,"1","SetVariables",{"setVariableData":[{"attributeValue":"${secret(S)}","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}},{"variable":{"name":"BasicAuthPassword"},"attributeValue":"${secret(`${S}2`)}"},{"variable":{"name":"Interval"},"attributeValue":"60"}]}]`,
  ],
  [
    'a reported variable',
    `[2,"1","NotifyReport",{"reportData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"variableAttribute":[{"type":"Actual","value":"${S}","mutability":"WriteOnly"}]}]}]`,
    `[2,"1","NotifyReport",{"reportData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"variableAttribute":[{"type":"Actual","value":"${secret(S)}","mutability":"WriteOnly"}]}]}]`,
  ],
  [
    'a network profile',
    `[2,"1","SetNetworkProfile",{"connectionData":{"ocppCsmsUrl":"wss://csms.example/x","basicAuthPassword":"${S}a","apn":{"apn":"internet","apnPassword":"${S}b","simPin":1234},"vpn":{"server":"v","password":"${S}c","key":"${S}d"}}}]`,
    `[2,"1","SetNetworkProfile",{"connectionData":{"ocppCsmsUrl":"wss://csms.example/x","basicAuthPassword":"${secret(`${S}a`)}","apn":{"apn":"internet","apnPassword":"${secret(`${S}b`)}","simPin":"${secret('1234')}"},"vpn":{"server":"v","password":"${secret(`${S}c`)}","key":"${secret(`${S}d`)}"}}}]`,
  ],
  [
    'a URL',
    `[2,"1","UpdateFirmware",{"location":"ftp://user:${S}@files.example/a.bin?x=1"}]`,
    `[2,"1","UpdateFirmware",{"location":"ftp://${credential(`user:${S}`)}@files.example/a.bin?x=1"}]`,
  ],
  [
    'a URL with escaped slashes',
    `[2,"1","UpdateFirmware",{"location":"ftp:\\/\\/user:${S}@files.example\\/a.bin"}]`,
    `[2,"1","UpdateFirmware",{"location":"ftp:\\/\\/${credential(`user:${S}`)}@files.example\\/a.bin"}]`,
  ],
  [
    'parameters of a URL',
    `[2,"1","GetDiagnostics",{"location":"https://files.example/up?station=1&Token=${S}&idTag=${T}#top"}]`,
    `[2,"1","GetDiagnostics",{"location":"https://files.example/up?station=1&Token=${secret(S)}&idTag=${tag(T)}#top"}]`,
  ],
  [
    'JSON in a string',
    `[2,"1","DataTransfer",{"vendorId":"V","data":"{\\"idTag\\":\\"${T}\\",\\"n\\":1,\\"key\\":\\"AuthorizationKey\\",\\"value\\":42}"}]`,
    `[2,"1","DataTransfer",{"vendorId":"V","data":"{\\"idTag\\":\\"${tag(T)}\\",\\"n\\":1,\\"key\\":\\"AuthorizationKey\\",\\"value\\":\\"${secret('42')}\\"}"}]`,
  ],
  [
    'JSON in a string in a string',
    `[2,"1","DataTransfer",{"data":${JSON.stringify(JSON.stringify({ data: JSON.stringify({ idTag: T, pin: { idTag: 7 } }) }))}}]`,
    `[2,"1","DataTransfer",{"data":${JSON.stringify(JSON.stringify({ data: JSON.stringify({ idTag: tag(T), pin: { idTag: tag('7') } }) }))}}]`,
  ],
  [
    'doubled quotes',
    `[2,"1","DataTransfer",{"data":"{\\"\\"idTag\\"\\":\\"\\"${T}\\"\\",\\"\\"x\\"\\":1}"}]`,
    `[2,"1","DataTransfer",{"data":"{\\"\\"idTag\\"\\":\\"\\"${tag(T)}\\"\\",\\"\\"x\\"\\":1}"}]`,
  ],
  [
    'a word in a text',
    `[2,"1","StatusNotification",{"info":"start by id_tag=${T} refused"}]`,
    `[2,"1","StatusNotification",{"info":"start by id_tag=${tag(T)} refused"}]`,
  ],
  [
    'a frame cut off in a value',
    `[2,"1","Authorize",{"idTag":"${T}`,
    `[2,"1","Authorize",{"idTag":"${tag(T)}`,
  ],
  [
    'a frame broken elsewhere',
    `[2,"1","A",{"x": ,"idTag":"${T}","y":1}]`,
    `[2,"1","A",{"x": ,"idTag":"${tag(T)}","y":1}]`,
  ],
  [
    'a frame broken in its value',
    `[2,"1","A",{"idTag":${T},"y":1}]`,
    `[2,"1","A",{"idTag":${tag(`${T},"y":1}]`)}`,
  ],
  [
    'a setting cut off before its name',
    `[2,"1","ChangeConfiguration",{"value":"${S}","ke`,
    `[2,"1","ChangeConfiguration",{"value":"${secret(S)}","ke`,
  ],
  [
    'a cut frame with JSON in a string',
    `[2,"1","DataTransfer",{"data":"{\\"idTag\\":\\"${T}\\",\\"x\\":[`,
    `[2,"1","DataTransfer",{"data":"{\\"idTag\\":\\"${tag(T)}\\",\\"x\\":[`,
  ],
  [
    'a frame without its colon',
    `[2,"1","A",{"idTag" "${T}","x":1}]`,
    `[2,"1","A",{"idTag" "${tag(T)}","x":1}]`,
  ],
  [
    'a frame with a comma for a colon',
    `[2,"1","A",{"idTag","${T}","x":1}]`,
    `[2,"1","A",{"idTag","${tag(T)}","x":1}]`,
  ],
  [
    'a URL cut off in its password',
    `[2,"1","GetDiagnostics",{"location":"ftp://user:${S}`,
    `[2,"1","GetDiagnostics",{"location":"ftp://${credential(`user:${S}`)}`,
  ],
  [
    'a URL cut off in a password with a slash',
    `[2,"1","GetDiagnostics",{"location":"ftp://user:${S}/x`,
    `[2,"1","GetDiagnostics",{"location":"ftp://${credential(`user:${S}/x`)}`,
  ],
  [
    'JSON in a string, cut off in a URL',
    `[2,"1","DataTransfer",{"data":"{\\"u\\":\\"ftp://user:${S}"}]`,
    `[2,"1","DataTransfer",{"data":"{\\"u\\":\\"ftp://${credential(`user:${S}`)}"}]`,
  ],
  [
    'a broken frame’s key and value',
    `[2,"1","C",{"key":"AuthorizationKey","value":"${S}","x":}]`,
    `[2,"1","C",{"key":"AuthorizationKey","value":"${secret(S)}","x":}]`,
  ],
  [
    'XML in a string',
    `[2,"1","DataTransfer",{"data":"<a><idTag>${T}</idTag><x password='${S}'/></a>"}]`,
    `[2,"1","DataTransfer",{"data":"<a><idTag>${tag(T)}</idTag><x password='${secret(S)}'/></a>"}]`,
  ],
  [
    'JSON in a string, cut off before the name',
    `[2,"1","DataTransfer",{"data":"{\\"value\\":\\"${S}\\",\\"ke"}]`,
    `[2,"1","DataTransfer",{"data":"{\\"value\\":\\"${secret(S)}\\",\\"ke"}]`,
  ],
  [
    'a token that was read',
    `[2,"1","NotifyEvent",{"eventData":[{"actualValue":"${T}","component":{"name":"TokenReader"},"variable":{"name":"Token"}}]}]`,
    `[2,"1","NotifyEvent",{"eventData":[{"actualValue":"${tag(T)}","component":{"name":"TokenReader"},"variable":{"name":"Token"}}]}]`,
  ],
  [
    'words of an error',
    `[4,"1","GenericError","idTag '${T}' and idTag 04A1B2C3 refused, idTag must be text",{}]`,
    `[4,"1","GenericError","idTag '${tag(T)}' and idTag ${tag('04A1B2C3')} refused, idTag must be text",{}]`,
  ],
  [
    'a private key',
    `[2,"1","DataTransfer",{"data":"x -----BEGIN EC PRIVATE KEY-----\\n${S}\\n-----END EC PRIVATE KEY-----"}]`,
    `[2,"1","DataTransfer",{"data":"x ${secret(`-----BEGIN EC PRIVATE KEY-----\n${S}\n`)}-----END EC PRIVATE KEY-----"}]`,
  ],
  ['what is no frame', `login password=${S}`, `login password=${secret(S)}`],
  [
    'a handshake’s raw path',
    `{"leg":"station","rawPath":"/ocpp/CP1?Password=${S}&x=1","headerNames":[]}`,
    `{"leg":"station","rawPath":"/ocpp/CP1?Password=${secret(S)}&x=1","headerNames":[]}`,
  ],
  [
    'signed meter data',
    `[2,"1","MeterValues",{"value":"OCMF|{\\"FV\\":\\"1.0\\",\\"ID\\":\\"${T}\\"}|{\\"SD\\":\\"00\\"}"}]`,
    `[2,"1","MeterValues",{"value":"OCMF|{\\"FV\\":\\"1.0\\",\\"ID\\":\\"${tag(T)}\\"}|{\\"SD\\":\\"00\\"}"}]`,
  ],
  [
    'encoded signed meter data',
    `[2,"1","TransactionEvent",{"signedMeterData":"T0NNRnx7IklEIjoi"}]`,
    `[2,"1","TransactionEvent",{"signedMeterData":"${sealer.standIn('personal', 'T0NNRnx7IklEIjoi')}"}]`,
  ],
];

describe('sealing', () => {
  it.each(CASES)('takes %s out of a frame', (_what, frame, logged) => {
    const { text, value, sealed, original } = seal(frame);
    expect(text).toBe(logged);
    expect(Buffer.from(unseal(value, sealed!, testKeys))).toEqual(original);
    expect(isJson(text)).toBe(isJson(frame));
    const kept = Buffer.concat([value, Buffer.from(JSON.stringify(sealed))]);
    for (const each of [T, S]) expect(tracesOf(each, kept)).toEqual([]);
  });

  it.each([
    '[2,"1","Heartbeat",{}]',
    '[2,"1","Authorize",{"idTag":null}]',
    '[2,"1","Authorize",{"idTag":""}]',
    '[2,"1","Authorize",{"idTag":"null"}]',
    '[2,"1","GetConfiguration",{"key":["AuthorizationKey"]}]',
    '[3,"1",{"unknownKey":["AuthorizationKey","BasicAuthPassword"]}]',
    '[2,"1","ChangeConfiguration",{"key":"HeartbeatInterval","value":"300"}]',
    '[2,"1","ChangeConfiguration",{"key":"HeartbeatInterval","value":"300"',
    '[2,"1","UpdateFirmware",{"location":"https://files.example:8080/a@b.bin?x=1"}]',
    '[2,"1","X",{"a":"ftp://host:21","location":"ftp://files.example/a/b',
    '[2,"1","DataTransfer",{"data":"a \\"quoted\\" word and a \\\\ backslash"}]',
    '[2,"1","MeterValues",{"meterValue":[{"sampledValue":[{"value":"1',
    '[2,"1","StatusNotification",{"info":"Driving: no"}]',
  ])('leaves %s as it is, and the very same bytes', (frame) => {
    const original = Buffer.from(frame);
    const { value, sealed } = sealer.seal(original, 'text');
    expect(sealed).toBeUndefined();
    expect(value).toBe(original);
  });

  it('keeps equal tags equal, in any case and any frame, and unequal ones apart', () => {
    expect(tag('deadBEEF')).toBe(tag('DEADbeef'));
    expect(tag('deadBEEF')).not.toBe(tag('deadBEE'));
    expect(tag('deadBEEF')).not.toBe(secret('deadBEEF'));
    expect(tag(T)).toMatch(/^~t[a-z2-7]{18}$/);
  });

  it('says of each value what rules on form may read', () => {
    const forms = (text: string) =>
      seal(text).sealed!.values.map(({ form, offset, length, class: c }) => [
        text.slice(offset, offset + length),
        c,
        form.json,
        form.codePoints,
        form.alphabet,
      ]);
    expect(
      forms('[{"idTag":"AbC\\u0031"},{"idTag":9},{"idTag":"g1"},{"idTag":"a-b"},{"idTag":"\\ud83d\\ude00"}]'),
    ).toEqual([
      ['AbC\\u0031', 'idTag', 'string', 4, 'hex'],
      ['9', 'idTag', 'number', 1, 'digits'],
      ['g1', 'idTag', 'string', 2, 'alphanumeric'],
      ['a-b', 'idTag', 'string', 3, 'ascii'],
      ['\\ud83d\\ude00', 'idTag', 'string', 1, 'unicode'],
    ]);
    const spelling = (text: string) => seal(`{"idTag":"${text}"}`).sealed!.values[0]!.form.spelling;
    expect(spelling('abc')).toBe(spelling('\\u0061bc'));
    expect(spelling('abc')).not.toBe(spelling('Abc'));
  });

  it('keeps the verdict that it may have hidden', () => {
    expect(seal(`[2,"1","A",{"idTag":${T}`).sealed!.verdict).toEqual({ reason: 'not-json', offset: 20 });
    expect(seal(`[2,"1","A",{"idTag":"${T}`).sealed!.verdict).toEqual({
      reason: 'truncated-json',
      offset: 33,
    });
    expect(seal(`[2,"1","A",{"idTag":"${T}"}]`).sealed!.verdict).toBeUndefined();
    const bytes = Buffer.concat([
      Buffer.from('[2,"1","A",{"idTag":"'),
      Buffer.of(0xff),
      Buffer.from('AB"}]'),
    ]);
    const { value, sealed } = sealer.seal(bytes, 'binary');
    expect(sealed!.verdict).toEqual({ reason: 'not-utf8', offset: 21 });
    expect(Buffer.from(unseal(value, sealed!, testKeys))).toEqual(bytes);
  });

  it('tells which stand-in stands for which value', () => {
    const { value, sealed } = seal(`[2,"1","A",{"idTag":"${T}","parentIdTag":7,"d":"{\\"idTag\\":8}"}]`);
    const found = standInsOf(value, sealed!).map(([standIn, each]) => [
      standIn,
      Buffer.from(openSealed(each, testKeys)).toString(),
    ]);
    expect(found).toEqual([T, '7', '8'].map((each) => [tag(each), each]));
  });

  it('opens a stand-in alone, to what was said however it was written', () => {
    const inString = JSON.stringify(JSON.stringify({ idTag: 'Ü"\\T' }));
    const text = `[2,"1","A",{"idTag":"\\u0041b\\/C","parentIdTag":7,"d":{"e":${inString}}}]`;
    const { value, sealed } = seal(text);
    const named = standInsOf(value, sealed!).map(([standIn, each]) => ({ ...each, standIn }));
    expect(named.map(createOpener(testKeys))).toEqual(['Ab/C', '7', 'Ü"\\T']);
    const [first, second] = named;
    expect(() => createOpener(testKeys)({ ...first!, standIn: second!.standIn })).toThrow(/was changed/);
    const why = (keys: Partial<typeof testKeys>) => {
      try {
        return createOpener({ ...testKeys, ...keys })(first!);
      } catch (error) {
        return (error as StaysSealed).why;
      }
    };
    expect(why({ keys: new Map() })).toBe('key-missing');
    expect(why({ keys: new Map(), erased: new Map([['test', 1]]) })).toBe('key-erased');
    expect(why({ keys: new Map([['test', Buffer.alloc(32)]]) })).toBe('changed');
    for (const { standIn } of named) expect(isStandIn(standIn)).toBe(true);
    for (const other of ['~t', '~tabc', T, `${first!.standIn}a`, first!.standIn.toUpperCase()])
      expect(isStandIn(other)).toBe(false);
  });

  it('counts offsets back to the wire', () => {
    const text = `[2,"1","A",{"idTag":"X","n":1,"parentIdTag":"LONGER-THAN-A-STAND-IN","m":2}]`;
    const { sealed, text: logged } = seal(text);
    expect(originalOffset(sealed, 3)).toBe(3);
    expect(originalOffset(sealed, logged.indexOf('"n"'))).toBe(text.indexOf('"n"'));
    expect(originalOffset(sealed, logged.indexOf('"m"'))).toBe(text.indexOf('"m"'));
    expect(originalOffset(sealed, logged.indexOf('~t') + 5)).toBe(text.indexOf('X'));
    expect(originalOffset(undefined, 7)).toBe(7);
  });

  it('seals a raw path and a header value', () => {
    const path = `/ocpp/CP%201?auth=${S}&user=x;pwd=${S}2`;
    const { text, sealed } = sealer.sealText(path);
    expect(text).toBe(`/ocpp/CP%201?auth=${secret(S)}&user=x;pwd=${secret(`${S}2`)}`);
    expect(Buffer.from(unseal(Buffer.from(text), sealed!, testKeys)).toString()).toBe(path);
    expect(sealer.sealText('/ocpp/CP1?x=1')).toEqual({ text: '/ocpp/CP1?x=1' });
  });

  it('gives an imported frame an id by all that makes it itself', () => {
    const frame = {
      tenant: 'default',
      station: 'CP1',
      time: '2026-11-21 09:42:00',
      value: Buffer.from('[2]'),
      ordinal: 0,
    };
    const ids = [
      frame,
      { ...frame, tenant: 'acme' },
      { ...frame, station: 'CP2' },
      { ...frame, time: '2026-11-21T09:42:00' },
      { ...frame, value: Buffer.from('[3]') },
      { ...frame, ordinal: 1 },
    ].map((each) => sealer.importId(each));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toBe(createSealer(testKeys).importId({ ...frame, value: new Uint8Array(frame.value) }));
    expect(ids[0]).toMatch(/^import-[a-z2-7]{26}$/);
  });

  it('bounds how many values it keeps of one frame', () => {
    const text = `[${'{"idTag":"A1"},'.repeat(50_001)}1]`;
    const { value, sealed } = seal(text);
    expect(sealed!.values).toHaveLength(1);
    expect(Buffer.from(unseal(value, sealed!, testKeys)).toString()).toBe(text);
  });

  it('tells plainly of a key that is missing, wrong, or of a changed byte', () => {
    const { value, sealed } = seal(`{"idTag":"${T}"}`);
    expect(() => unseal(value, sealed!, { keys: new Map() })).toThrow('the keyring has no key test');
    const wrong = new Map([['test', Buffer.alloc(32)]]);
    expect(() => unseal(value, sealed!, { keys: wrong })).toThrow('key test does not open what it sealed');
    const [first] = sealed!.values;
    const changed = { ...sealed!, values: [{ ...first!, class: 'secret' as const }] };
    expect(() => unseal(value, changed, testKeys)).toThrow(expect.objectContaining({ name: 'StaysSealed' }));
    expect(() => createSealer({ ...testKeys, current: 'gone' })).toThrow('no key gone');
  });
});
