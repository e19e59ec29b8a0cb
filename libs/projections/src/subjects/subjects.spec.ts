import { createFolder } from '@chargeproof/projection';
import {
  factsOf,
  Scene,
  sealedWorld,
  second,
  STATION,
  STATION_STREAM,
  toLog,
  WORLD_KEYS,
} from '@chargeproof/projection/testing';
import { createOpener, createSealer, type SealedClass } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { subjects } from './subjects.ts';

const sealer = createSealer(WORLD_KEYS);
const open = createOpener(WORLD_KEYS);

/** Frames of a station, a second apart, sealed as a gateway does. */
function said(...frames: readonly string[]) {
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  const socket = run.open(second(1), STATION);
  frames.forEach((text, index) => {
    run.frame(second(2 + index), socket, 'station-to-csms', text);
  });
  const log = toLog(sealedWorld(scene.appended));
  const facts = factsOf(subjects, STATION_STREAM, log).map(({ fact }) => fact);
  const clear = facts.map(({ key, values }) =>
    open({
      standIn: String(key.stand_in),
      class: values?.class as SealedClass,
      key: String(key.key_id),
      nonce: String(key.nonce),
      ciphertext: String(values?.ciphertext),
    }),
  );
  return { id: socket.id, log, facts, clear };
}
const authorize = (tag: string) => JSON.stringify([2, '1', 'Authorize', { idTag: tag }]);

describe('subjects', () => {
  it('given a tag, then its stand-in has the sealed value and the record that showed it, once', () => {
    const { id, facts, clear } = said(authorize('Tag-1'), authorize('Tag-1'));
    expect(facts).toMatchObject([
      {
        key: { stand_in: sealer.standIn('idTag', 'TAG-1'), key_id: 'world' },
        values: { class: 'idTag', record: `${id}/1` },
        time: second(2),
      },
    ]);
    expect(clear).toEqual(['Tag-1']);
    expect(JSON.stringify(facts)).not.toContain('Tag-1');
  });

  it('given another spelling, then both stand under one stand-in, each to be opened', () => {
    const { facts, clear } = said(
      authorize('Tag-1'),
      authorize('TAG-1'),
      '[2,"1","A",{"idTag":"\\u0054ag-1"}]',
    );
    expect(new Set(facts.map(({ key }) => key.stand_in)).size).toBe(1);
    expect(clear).toEqual(['Tag-1', 'TAG-1', 'Tag-1']);
  });

  it('given a list, tags of OCPP 2.x, JSON in a string and a number, then each is there', () => {
    const { clear } = said(
      '[2,"1","SendLocalList",{"localAuthorizationList":[{"idTag":"A1"},{"idTag":"A2"},{"idTag":"a1"}]}]',
      '[2,"2","Authorize",{"idToken":{"idToken":"B1","type":"ISO14443"}}]',
      '[2,"3","DataTransfer",{"vendorId":"v","data":"{\\"idTag\\":\\"C1\\",\\"cardId\\":77}"}]',
      '[2,"4","A",{"licensePlate":"D-1"}]',
    );
    expect(clear).toEqual(['A1', 'A2', 'a1', 'B1', 'C1', '77', 'D-1']);
  });

  it.each([
    ['a password', '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"00112233"}]'],
    ['a secret by its name', '[2,"1","A",{"password":"hush"}]'],
    ['user and password of a URL', '[2,"1","GetDiagnostics",{"location":"ftp://user:hush@host/f"}]'],
    ['a frame that cannot be tokenised', '[2,"1","A",{"idTag":"T","password":"hush'],
    ['more than a name', `[2,"1","A",{"idTag":"${'x'.repeat(2000)}"}]`],
  ])('given %s, then nothing of it is there', (_what, frame) => {
    const { facts, log } = said(frame);
    expect(log.at(-1)?.attributes.sealed?.values.length).toBeGreaterThan(0);
    expect(facts).toEqual([]);
  });

  it('given tags without end, then what is remembered of them is bounded, and all are told', () => {
    const list = (from: number) =>
      JSON.stringify([
        2,
        '1',
        'SendLocalList',
        { localAuthorizationList: Array.from({ length: 1500 }, (_, at) => ({ idTag: `T${from + at}` })) },
      ]);
    const { facts, log } = said(list(0), list(1500), list(0), list(1500));
    expect(new Set(facts.map(({ key }) => key.stand_in)).size).toBe(3000);
    expect(facts).toHaveLength(4000);
    const folder = createFolder([subjects]);
    const { state } = folder.forward(folder.initial(STATION_STREAM), log);
    expect(Object.keys(state.states['subjects@1'] as object)).toHaveLength(2000);
    expect(state.said['subjects@1'] ?? {}).toEqual({});
  });
});
