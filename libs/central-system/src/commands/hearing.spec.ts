import { describe, expect, it } from 'vitest';
import type { Moment } from './board.ts';
import { HEARING_PATIENCE } from './hearing.ts';
import { DecisionLog, GatewayOnPaper, SECOND } from './testing.ts';

const at = (seconds: number): Moment => ({ wall: seconds * SECOND, monotonic: seconds * SECOND });
const PATIENCE = HEARING_PATIENCE / SECOND;

/** Two gateways that each hold a socket of the station, and read without delay. */
function two() {
  const log = new DecisionLog();
  const [silent, live] = ['silent', 'live'].map((run) => {
    const gateway = new GatewayOnPaper(log, run, undefined, true);
    gateway.reach = { connection: `at-${run}` };
    return gateway;
  }) as [GatewayOnPaper, GatewayOnPaper];
  const works = (seconds: number, ...gateways: GatewayOnPaper[]) => {
    for (const gateway of gateways) {
      gateway.reads(100, at(seconds));
      gateway.decides(at(seconds));
    }
  };
  const landAll = (gateway: GatewayOnPaper, seconds: number) => {
    while (gateway.appending.length > 0) gateway.lands(0, at(seconds).wall);
  };
  return { log, silent, live, works, landAll };
}

describe('a command of which several gateways have a socket', () => {
  it('is claimed by the one whose socket is heard, not by who asked first', () => {
    const { log, silent, live, works, landAll } = two();
    log.request('a', 0);
    works(1, silent, live);
    expect([silent.asked, live.asked]).toEqual([['at-silent'], ['at-live']]);
    expect([...silent.appending, ...live.appending]).toEqual([]);
    expect(silent.board.untilDue(at(1))).toBe(HEARING_PATIENCE);
    live.hears();
    works(1.5, silent, live);
    expect(silent.appending).toEqual([]);
    expect(live.appending).toMatchObject([{ kind: 'claim', connection: 'at-live' }]);
    landAll(live, 1.5);
    works(1 + PATIENCE, silent, live);
    expect(silent.appending).toEqual([]);
    expect([silent.sent, live.sent]).toEqual([[], ['a']]);
    // Once each.
    expect([silent.asked, live.asked]).toEqual([['at-silent'], ['at-live']]);
  });

  it('is claimed after a while over a socket that answers no ping', () => {
    const { log, silent, works } = two();
    log.request('a', 0);
    works(1, silent);
    works(1 + PATIENCE - 0.1, silent);
    expect(silent.appending).toEqual([]);
    works(1 + PATIENCE, silent);
    expect(silent.appending).toMatchObject([{ kind: 'claim' }]);
  });

  it('is asked for anew over another socket, and no word over the old one counts', () => {
    const { log, live, works } = two();
    log.request('a', 0);
    works(1, live);
    live.reach = { connection: 'newer' };
    works(2, live);
    live.board.heard('default/CP-1', 'at-live');
    works(1 + PATIENCE, live);
    expect(live.asked).toEqual(['at-live', 'newer']);
    expect(live.appending).toEqual([]);
    live.hears();
    works(1 + PATIENCE, live);
    expect(live.appending).toMatchObject([{ kind: 'claim', connection: 'newer' }]);
  });

  it('holds back the next one, which is asked for in its turn', () => {
    const { log, live, works, landAll } = two();
    log.request('a', 0);
    log.request('b', 0);
    works(1, live);
    expect(live.asked).toEqual(['at-live']);
    live.hears();
    works(1, live);
    expect(live.appending).toHaveLength(1);
    landAll(live, 1);
    works(1, live);
    expect([live.sent, live.asked]).toEqual([['a'], ['at-live']]);
    live.answers('a');
    works(2, live);
    landAll(live, 2);
    works(2, live);
    expect(live.asked).toEqual(['at-live', 'at-live']);
    live.hears();
    works(2, live);
    landAll(live, 2);
    works(2, live);
    expect(live.sent).toEqual(['a', 'b']);
  });

  it('whose socket went while it was asked waits for the next one, and holds nobody back', () => {
    const { log, live, works } = two();
    log.request('a', 0, { expires: 5 * SECOND });
    log.request('b', 0, { expires: 5 * SECOND });
    works(1, live);
    live.closes();
    works(1, live);
    expect(live.board.untilDue(at(1))).toBe(4 * SECOND);
    works(5, live);
    expect(live.appending).toMatchObject([
      { ended: { outcome: 'expired', reason: 'not-connected' } },
      { ended: { outcome: 'expired', reason: 'not-connected' } },
    ]);
  });

  it('that expires while its socket is asked is not sent', () => {
    const { log, live, works } = two();
    log.request('a', 0, { expires: 2 * SECOND });
    works(1, live);
    works(2, live);
    expect(live.appending).toMatchObject([{ ended: { outcome: 'expired', reason: 'not-in-time' } }]);
  });

  it('that somebody else claimed meanwhile is left to him', () => {
    const { log, silent, live, works, landAll } = two();
    log.request('a', 0);
    log.request('b', 0);
    works(1, silent, live);
    live.hears();
    works(1, live);
    landAll(live, 1);
    works(1 + PATIENCE, silent);
    expect(silent.appending).toEqual([]);
    expect(silent.asked).toEqual(['at-silent']);
  });
});
