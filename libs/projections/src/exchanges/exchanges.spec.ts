import { createFolder } from '@chargeproof/projection';
import {
  actOut,
  drive,
  factsOf,
  Scene,
  second,
  STATION,
  STATION_STREAM,
  toLog,
  trafficOf,
} from '@chargeproof/projection/testing';
import type { Direction, LoggedRecord } from '@chargeproof/record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchanges } from './exchanges.ts';

const UP: Direction = 'station-to-csms';
const DOWN: Direction = 'csms-to-station';
const call = (id: string, action = 'Heartbeat') => JSON.stringify([2, id, action, {}]);
const result = (id: string) => JSON.stringify([3, id, {}]);
const error = (id: string, code: string) => JSON.stringify([4, id, code, '', {}]);

/** One connection on one gateway, opened at 1 s; `[seconds, direction, text]` are its frames. */
function begin(...frames: readonly (readonly [number, Direction, string])[]) {
  const scene = new Scene();
  const run = scene.run('aaaaaa');
  const socket = run.open(second(1), STATION);
  for (const [at, direction, text] of frames) run.frame(second(at), socket, direction, text);
  return { scene, run, socket };
}

const said = (log: readonly LoggedRecord[]) =>
  factsOf(exchanges, STATION_STREAM, log).map(({ fact }) => fact);

/** The story of each exchange, by the sequence of its record: outcome after outcome. */
function outcomes(log: readonly LoggedRecord[]): Record<string, string[]> {
  const story: Record<string, string[]> = {};
  for (const { key, values } of said(log)) {
    const sequence = String(key.exchange).split('/')[1] ?? '';
    (story[sequence] ??= []).push(String(values?.outcome));
  }
  return story;
}

/** That a recording's response belongs to a live CALL, the CALL's own twin in the recording tells. */
const isAnsweredFromElsewhere = (proofs: readonly LoggedRecord[]) =>
  new Set(
    proofs
      .filter(({ attributes: { type } }) => type === 'ocpp.frame.v1')
      .map(({ attributes: { witness } }) => witness),
  ).size === 2;

describe('exchanges', () => {
  it('given a CALL, when it is answered, then it has its answer, latency and proofs', () => {
    const { scene, socket } = begin([2, UP, call('1')], [2.25, DOWN, result('1')]);
    const facts = factsOf(exchanges, STATION_STREAM, scene.log());
    expect(facts.map(({ fact }) => fact.values?.outcome)).toEqual(['pending', 'result']);
    expect(facts[1]?.fact).toEqual({
      key: { exchange: `${socket.id}/1` },
      values: {
        connection: socket.id,
        direction: UP,
        message_id: '1',
        action: 'Heartbeat',
        outcome: 'result',
        error_code: null,
        called: second(2),
        answered: second(2.25),
        latency: 250_000,
        call_record: `${socket.id}/1`,
        answer_record: `${socket.id}/2`,
      },
      time: second(2.25),
      settled: true,
    });
  });

  it('given a CALL of the CSMS, when the station refuses it, then the error code is kept', () => {
    const { scene } = begin([2, DOWN, call('x', 'Reset')], [3, UP, error('x', 'NotSupported')]);
    const [, fact] = factsOf(exchanges, STATION_STREAM, scene.log());
    expect(fact?.fact.values).toMatchObject({
      direction: DOWN,
      outcome: 'error',
      error_code: 'NotSupported',
    });
  });

  it('given one id used again while open, then the newest is answered first', () => {
    const { scene } = begin(
      [2, UP, call('1')],
      [3, UP, call('1')],
      [4, DOWN, result('1')],
      [5, DOWN, result('1')],
    );
    expect(outcomes(scene.log())).toEqual({ 1: ['pending', 'result'], 2: ['pending', 'result'] });
    const answers = factsOf(exchanges, STATION_STREAM, scene.log()).flatMap(
      ({ fact }) => fact.values?.answer_record ?? [],
    );
    expect(answers.map((id) => String(id).split('/')[1])).toEqual(['3', '4']);
  });

  it('given the same id in both directions, then each is answered from the other side', () => {
    const { scene } = begin(
      [2, UP, call('1')],
      [2, DOWN, call('1', 'Reset')],
      [3, UP, result('1')],
      [4, DOWN, result('1')],
    );
    const done = factsOf(exchanges, STATION_STREAM, scene.log()).filter(({ fact }) => fact.settled);
    expect(done.map(({ fact }) => [fact.values?.action, fact.time])).toEqual([
      ['Reset', second(3)],
      ['Heartbeat', second(4)],
    ]);
  });

  it('given a response without a CALL, or to a CALL of its own side, then it is an orphan', () => {
    const { scene } = begin([2, UP, call('1')], [3, UP, result('1')], [4, DOWN, error('7', 'GenericError')]);
    expect(outcomes(scene.log())).toEqual({ 1: ['pending'], 2: ['orphan'], 3: ['orphan'] });
  });

  it('given an id that another connection asked, then its answer here is an orphan', () => {
    const { scene, run } = begin([2, UP, call('1')]);
    const other = run.open(second(3), STATION);
    run.frame(second(4), other, DOWN, result('1'));
    expect(outcomes(scene.log())).toEqual({ 1: ['pending', 'orphan'] });
  });

  it('given no answer for 30 s, when the gateway ticks on, then it is unanswered from that time', () => {
    const { scene, run } = begin([2, UP, call('1')]);
    run.tick(second(60), 60);
    const facts = factsOf(exchanges, STATION_STREAM, scene.log());
    expect(facts.map(({ fact }) => [fact.values?.outcome, fact.time])).toEqual([
      ['pending', second(2)],
      ['unanswered', second(32)],
    ]);
  });

  it('given an answer after it counted as unanswered, then it is late', () => {
    const { scene, run, socket } = begin([2, UP, call('1')]);
    run.tick(second(60), 60);
    run.frame(second(61), socket, DOWN, result('1'));
    expect(outcomes(scene.log())).toEqual({ 1: ['pending', 'unanswered', 'late'] });
  });

  it('given an answer after 31 s with nothing in between, then it is late all the same', () => {
    const { scene } = begin([2, UP, call('1')], [33, DOWN, result('1')]);
    expect(outcomes(scene.log())).toEqual({ 1: ['pending', 'late'] });
  });

  it('given a close before the answer, then it is unanswered at once', () => {
    const { scene, run, socket } = begin([2, UP, call('1')]);
    run.close(second(3), socket, { code: 1001, reason: '', by: 'station' });
    const [, fact] = factsOf(exchanges, STATION_STREAM, scene.log());
    expect(fact?.fact).toMatchObject({ values: { outcome: 'unanswered' }, time: second(3), settled: true });
  });

  it('given a gateway that died, then an answer that nobody was there to see is unknown', () => {
    const { scene, run } = begin([2, UP, call('1')], [50, UP, call('2')]);
    scene.run('bbbbbb', second(7200)).start(60, { run: run.id, endedCleanly: false });
    expect(outcomes(scene.log())).toEqual({ 1: ['pending', 'unanswered'], 2: ['pending', 'unknown'] });
  });

  it('given a frame that is no JSON, or ids of a megabyte, then it goes on', () => {
    const long = 'x'.repeat(1_000_000);
    const { scene } = begin([2, UP, '[2,"1","Heartb'], [3, UP, call(long)], [4, DOWN, result(long)]);
    expect(outcomes(scene.log())).toEqual({ 1: ['pending'], 2: ['pending', 'result'] });
    const facts = factsOf(exchanges, STATION_STREAM, scene.log());
    expect(String(facts.at(-1)?.fact.values?.message_id).length).toBeLessThan(200);
  });

  it('never says the same of an exchange twice', () => {
    fc.assert(
      fc.property(trafficOf(40), (actions) => {
        const last = new Map<unknown, unknown>();
        for (const { key, values } of said(toLog(actOut(actions)))) {
          expect(values?.outcome).not.toBe(last.get(key.exchange));
          last.set(key.exchange, values?.outcome);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('folded from its evidence alone says the same of every answered exchange', () => {
    const folder = createFolder([exchanges]);
    let compared = 0;
    fc.assert(
      fc.property(trafficOf(60), (actions) => {
        const log = toLog(actOut(actions));
        const whole = drive(folder, log, []).current;
        for (const [key, values] of whole) {
          if (values.answer_record === null) continue;
          const proofs = log.filter(
            ({ attributes: { id, type } }) =>
              // A recording is nothing before its end.
              id === values.call_record || id === values.answer_record || type === 'recording.ended.v1',
          );
          if (isAnsweredFromElsewhere(proofs)) continue;
          expect(drive(folder, proofs, []).current.get(key)).toEqual(values);
          compared++;
        }
      }),
      { numRuns: 50 },
    );
    expect(compared).toBeGreaterThan(50);
  });
});

describe('exchanges of recordings', () => {
  const NOON = second(43_200);
  const line = (at: number, direction: Direction, text: string) => ({ time: second(at), direction, text });
  const rowsOf = (scene: Scene) => [...drive(createFolder([exchanges]), scene.log(), []).current.values()];

  it('given a CALL and its answer, then they are told as live ones are, with times as claimed', () => {
    const scene = new Scene();
    const lines = [line(2, UP, call('1')), line(2.5, DOWN, result('1'))];
    const recording = scene.import('iiiiii', NOON).file(STATION, lines);
    expect(rowsOf(scene)).toMatchObject([
      { outcome: 'result', connection: recording, latency: 500_000, called: second(2) },
    ]);
  });

  it('given a CALL without an answer, then the end of the recording leaves it unanswered', () => {
    const scene = new Scene();
    scene.import('iiiiii', NOON).file(STATION, [line(2, UP, call('1'))]);
    expect(rowsOf(scene)).toMatchObject([{ outcome: 'unanswered', answer_record: null }]);
  });

  it.each([
    [5, 'result'],
    [60, 'late'],
  ])(
    'given its answer %d s later in another file, in whatever order they come, then %s',
    (after, outcome) => {
      const [asks, answers] = [[line(2, UP, call('1'))], [line(2 + after, DOWN, result('1'))]];
      for (const files of [
        [asks, answers],
        [answers, asks],
      ]) {
        const scene = new Scene();
        const importer = scene.import('iiiiii', NOON);
        const ids = files.map((file) => importer.file(STATION, file));
        const connection = ids[files.indexOf(asks)];
        expect(rowsOf(scene)).toMatchObject([{ outcome, connection, latency: after * 1_000_000 }]);
      }
    },
  );

  it('given a response that the gateway missed, then the recording answers the live CALL', () => {
    const { scene, socket } = begin([2, UP, call('1')], [3, UP, call('2', 'MeterValues')]);
    const lines = [
      line(2, UP, call('1')),
      line(2.5, DOWN, result('1')),
      line(3, UP, call('2', 'MeterValues')),
    ];
    scene.import('iiiiii', NOON).file(STATION, lines);
    expect(rowsOf(scene)).toMatchObject([
      { call_record: `${socket.id}/1`, outcome: 'result', connection: socket.id, latency: 500_000 },
      { call_record: `${socket.id}/2`, outcome: 'pending' },
    ]);
  });
});
