import { createFolder } from '@chargeproof/projection';
import { factsOf, Scene, second, STATION, STATION_STREAM } from '@chargeproof/projection/testing';
import type { Direction } from '@chargeproof/record';
import type { Row } from '@chargeproof/tables';
import { describe, expect, it } from 'vitest';
import { configuration } from './configuration.ts';

const UP: Direction = 'station-to-csms';
const DOWN: Direction = 'csms-to-station';
type Line = readonly [number, Direction, unknown];

const get = (at: number, answer: unknown): readonly Line[] => [
  [at, DOWN, [2, `g${at}`, 'GetConfiguration', {}]],
  [at + 0.5, UP, [3, `g${at}`, answer]],
];
const keys = (...configurationKey: readonly unknown[]) => ({ configurationKey });
const change = (at: number, key: unknown, value: unknown, status: unknown): readonly Line[] => [
  [at, DOWN, [2, `c${at}`, 'ChangeConfiguration', { key, value }]],
  [at + 0.5, UP, [3, `c${at}`, { status }]],
];

/** Frames at their seconds on one connection that opened at 1 s: facts, and what holds in the end by key. */
function said(...lines: readonly (readonly Line[])[]) {
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  const socket = run.open(second(1), STATION);
  for (const [at, direction, message] of lines.flat())
    run.frame(second(at), socket, direction, typeof message === 'string' ? message : JSON.stringify(message));
  const facts = factsOf(configuration, STATION_STREAM, scene.log()).map(({ fact }) => fact);
  const held = new Map<unknown, Row | null>(facts.map(({ key, values }) => [key.configuration_key, values]));
  return { id: socket.id, facts, held, run, socket, scene };
}

describe('configuration', () => {
  it('given what a station tells, then each key has its value, with the CALL and the answer as proofs', () => {
    const { id, facts, held } = said(
      get(2, {
        configurationKey: [
          { key: 'HeartbeatInterval', readonly: false, value: '300' },
          { key: 'AuthorizationKey', readonly: false },
        ],
        unknownKey: ['Unheard'],
      }),
    );
    const proofs = {
      source: 'GetConfiguration',
      since: second(2.5),
      call_record: `${id}/1`,
      answer_record: `${id}/2`,
    };
    expect(facts).toHaveLength(3);
    expect(Object.fromEntries(held)).toEqual({
      heartbeatinterval: {
        name: 'HeartbeatInterval',
        value: '300',
        readonly: false,
        state: 'known',
        ...proofs,
      },
      authorizationkey: { name: 'AuthorizationKey', value: null, readonly: false, state: 'known', ...proofs },
      unheard: { name: 'Unheard', value: null, readonly: null, state: 'unknown', ...proofs },
    });
  });

  it('given the same again, then nothing is said; given another letter case, it is the same key', () => {
    const one = keys({ key: 'HeartbeatInterval', readonly: false, value: '300' });
    const { facts, held } = said(
      get(2, one),
      get(3, one),
      get(4, keys({ key: 'HEARTBEATINTERVAL', readonly: false, value: '60' })),
    );
    expect(facts.map(({ values }) => [values?.name, values?.value, values?.since])).toEqual([
      ['HeartbeatInterval', '300', second(2.5)],
      ['HEARTBEATINTERVAL', '60', second(4.5)],
    ]);
    expect(held.size).toBe(1);
  });

  it.each([
    [
      'Accepted',
      { name: 'Interval', value: '60', readonly: false, state: 'known', source: 'ChangeConfiguration' },
    ],
    ['RebootRequired', { value: '60', state: 'pending-reboot', source: 'ChangeConfiguration' }],
    ['Rejected', { value: '300', state: 'known', source: 'GetConfiguration' }],
    ['NotSupported', { value: '300', state: 'known', source: 'GetConfiguration' }],
    ['Whatever', { value: '300', state: 'known' }],
    [null, { value: '300', state: 'known' }],
  ])('given a change that is %s, then the key is as that says', (status, expected) => {
    const { held } = said(
      get(2, keys({ key: 'Interval', readonly: false, value: '300' })),
      change(3, 'interval', '60', status),
    );
    expect(held.get('interval')).toMatchObject(expected);
  });

  it('given a change of a key nobody knows, then only an answer that tells of it makes it known', () => {
    expect(said(change(2, 'Key', '1', 'Rejected')).facts).toEqual([]);
    expect(said(change(2, 'Key', '1', 'NotSupported')).held.get('key')).toMatchObject({
      name: 'Key',
      value: null,
      state: 'unknown',
    });
    expect(said(change(2, 'Key', '1', 'Accepted')).held.get('key')).toMatchObject({
      value: '1',
      readonly: null,
    });
  });

  it('given an error, no answer, or an answer on another connection, then nothing is changed', () => {
    const asked: Line = [2, DOWN, [2, 'c', 'ChangeConfiguration', { key: 'Key', value: '1' }]];
    expect(said([asked, [3, UP, [4, 'c', 'InternalError', '', {}]]]).facts).toEqual([]);
    const { scene, run, socket } = said([asked]);
    run.close(second(3), socket, { code: 1006, reason: '', by: 'station' });
    run.frame(second(5), run.open(second(4), STATION), UP, '[3,"c",{"status":"Accepted"}]');
    expect(factsOf(configuration, STATION_STREAM, scene.log())).toEqual([]);
  });

  it('given two changes in flight, then each answer is of its own', () => {
    const asked = (id: string, value: string): Line => [
      2,
      DOWN,
      [2, id, 'ChangeConfiguration', { key: 'Key', value }],
    ];
    const { facts } = said([
      asked('a', '1'),
      asked('b', '2'),
      [3, UP, [3, 'b', { status: 'Accepted' }]],
      [4, UP, [3, 'a', { status: 'Accepted' }]],
    ]);
    expect(facts.map(({ values }) => values?.value)).toEqual(['2', '1']);
  });

  it('given odd answers, then what can be read of them is kept', () => {
    const { held } = said(
      get(2, keys({ value: 'of no key' }, 7, null, { key: 8, readonly: 'TRUE', value: 9 }, { key: '' })),
      get(3, { configurationKey: { key: 'no list' }, unknownKey: 'Unheard' }),
      get(4, [1]),
      get(5, null),
      change(6, undefined, '1', 'Accepted'),
      change(7, 'Long', 'v'.repeat(65_536), 'Accepted'),
      change(8, 'Five hundred', 'v'.repeat(500), 'Accepted'),
    );
    expect([...held.keys()]).toEqual(['8', '', 'long', 'five hundred']);
    expect(held.get('8')).toMatchObject({ name: '8', value: '9', readonly: true });
    expect(String(held.get('long')?.value).length).toBeLessThan(200);
    expect(held.get('five hundred')?.value).toHaveLength(500);
  });

  it('given keys that are names of every object, then they are keys like others', () => {
    const names = ['__proto__', 'toString', 'constructor', 'values'];
    const told = get(2, keys(...names.map((key) => ({ key, value: '1' }))));
    const { facts, scene } = said(told, get(3, keys(...names.map((key) => ({ key, value: '2' })))));
    expect(facts.map(({ values }) => values?.value)).toEqual(['1', '1', '1', '1', '2', '2', '2', '2']);
    const folder = createFolder([configuration]);
    const { state } = folder.forward(folder.initial(STATION_STREAM), scene.log());
    expect(state.parked).toEqual({});
    expect(Object.keys(state.said['configuration@1'] ?? {}).sort()).toEqual(
      names.map((name) => name.toLowerCase()).sort(),
    );
  });

  it('given keys without end, then what is remembered of them is bounded, and all are told', () => {
    const many = Array.from({ length: 2500 }, (_, index) => ({ key: `Key${index}`, value: '1' }));
    const { facts, scene } = said(get(2, keys(...many)));
    expect(facts).toHaveLength(2500);
    const folder = createFolder([configuration]);
    const { state } = folder.forward(folder.initial(STATION_STREAM), scene.log());
    expect(Object.keys(state.said['configuration@1'] ?? {})).toHaveLength(2000);
  });
});
