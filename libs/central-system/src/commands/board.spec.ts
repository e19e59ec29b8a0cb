import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANSWER_PATIENCE, CLAIM_PATIENCE, type Moment } from './board.ts';
import { DecisionLog, GatewayOnPaper, SECOND } from './testing.ts';

const at = (seconds: number): Moment => ({ wall: seconds * SECOND, monotonic: seconds * SECOND });
const HERE = { connection: 'c1' };

/** One gateway that holds the station's socket, and reads and appends without delay. */
function one() {
  const log = new DecisionLog();
  const gateway = new GatewayOnPaper(log, 'run');
  gateway.reach = HERE;
  const works = (seconds: number) => {
    for (let round = 0; round < 5; round++) {
      gateway.reads(100, at(seconds));
      gateway.decides(at(seconds));
      while (gateway.appending.length > 0) gateway.lands(0, at(seconds).wall);
    }
  };
  const endOf = (command: string) => log.standings().get(`default/${command}`)?.ended;
  return { log, gateway, works, endOf };
}

describe('a command', () => {
  it('is claimed, sent, and ended by the answer to its CALL', () => {
    const { log, gateway, works, endOf } = one();
    log.request('a', 0);
    works(1);
    expect(gateway.sent).toEqual(['a']);
    expect(endOf('a')).toBeUndefined();
    gateway.answers('another');
    works(1);
    expect(endOf('a')).toBeUndefined();
    gateway.answers('a');
    works(2);
    expect(endOf('a')).toMatchObject({ outcome: 'answered', call: 'c1/1', answer: 'c1/answer', by: 'run' });
  });

  it('waits for the one before it', () => {
    const { log, gateway, works, endOf } = one();
    log.request('a', 0);
    log.request('b', 0);
    works(1);
    expect(gateway.sent).toEqual(['a']);
    gateway.answers('a', true);
    works(2);
    expect(endOf('a')).toMatchObject({ outcome: 'error' });
    expect(gateway.sent).toEqual(['a', 'b']);
  });

  it('that has waited too long is not sent, and that is said', () => {
    const { log, gateway, works, endOf } = one();
    log.request('a', 0);
    log.request('b', 0, { expires: 10 * SECOND });
    works(1);
    expect(gateway.board.untilDue(at(1))).toBe(9 * SECOND);
    works(10);
    expect(endOf('b')).toMatchObject({ outcome: 'expired', reason: 'station-busy' });
    expect(gateway.sent).toEqual(['a']);
  });

  it('to a station that is nowhere waits for it until it expires', () => {
    const { log, gateway, works, endOf } = one();
    gateway.reach = 'elsewhere';
    log.request('a', 0);
    log.request('b', 0, { expires: 5 * SECOND });
    works(5);
    expect(endOf('b')).toMatchObject({ outcome: 'expired', reason: 'not-connected' });
    gateway.reach = HERE;
    works(6);
    expect(gateway.sent).toEqual(['a']);
  });

  it('to a station that is relayed is refused at once', () => {
    const { log, gateway, works, endOf } = one();
    gateway.reach = 'relayed';
    log.request('a', 0);
    works(0);
    expect(endOf('a')).toMatchObject({ outcome: 'refused', reason: 'relayed' });
  });

  it('without an answer is unanswered after its time, and the next one is sent', () => {
    const { log, gateway, works, endOf } = one();
    log.request('a', 0);
    log.request('b', 0, { expires: 90 * SECOND });
    works(1);
    works(1 + ANSWER_PATIENCE / SECOND);
    expect(endOf('a')).toMatchObject({ outcome: 'unanswered' });
    expect(gateway.sent).toEqual(['a', 'b']);
  });

  it('whose socket closes is unknown, never failed', () => {
    const { log, gateway, works, endOf } = one();
    log.request('a', 0);
    works(1);
    gateway.closes();
    works(2);
    expect(endOf('a')).toMatchObject({ outcome: 'unknown', reason: 'connection-closed' });
  });

  it('whose socket closes between its claim and its sending is refused: it was not sent', () => {
    const { log, gateway, endOf } = one();
    log.request('a', 0);
    gateway.reads(1, at(1));
    gateway.decides(at(1));
    gateway.closes();
    gateway.lands(0, SECOND);
    gateway.reads(1, at(1));
    gateway.decides(at(1));
    gateway.lands(0, SECOND);
    expect(gateway.sent).toEqual([]);
    expect(endOf('a')).toMatchObject({ outcome: 'refused', reason: 'connection-closed' });
  });

  it('asked for twice under one id is one, whatever the second says', () => {
    const { log, gateway, works } = one();
    log.request('a', 0);
    log.request('a', 0, { action: 'Reset' });
    works(1);
    gateway.answers('a');
    works(2);
    log.request('a', 3 * SECOND);
    works(4);
    expect(gateway.sent).toEqual(['a']);
  });

  it('asked for before this run began is not sent, and expires', () => {
    const log = new DecisionLog();
    log.request('a', 0);
    const gateway = new GatewayOnPaper(log, 'run');
    gateway.reach = HERE;
    gateway.reads(1, at(1));
    gateway.decides(at(1));
    expect(gateway.appending).toEqual([]);
    gateway.decides(at(30));
    gateway.lands(0, 30 * SECOND);
    expect(log.standings().get('default/a')?.ended).toMatchObject({
      outcome: 'expired',
      reason: 'asked-before-start',
    });
  });

  it('claimed by a run that is dead is unknown at once to the next, and to others in time', () => {
    const log = new DecisionLog();
    log.request('a', 0);
    log.append(
      'platform.command-sent.v1',
      { command: 'a', run: 'dead', connection: 'x', messageId: 'a' },
      'dead',
      SECOND,
    );
    const [next, other] = [new GatewayOnPaper(log, 'next', 'dead'), new GatewayOnPaper(log, 'other')];
    for (const gateway of [next, other]) {
      gateway.reads(2, at(2));
      gateway.decides(at(2));
    }
    expect(next.appending).toMatchObject([{ ended: { outcome: 'unknown', reason: 'recorder-died' } }]);
    expect(other.appending).toEqual([]);
    other.decides(at(1 + CLAIM_PATIENCE / SECOND));
    expect(other.appending).toMatchObject([{ ended: { outcome: 'unknown', reason: 'nobody-told' } }]);
  });

  it('whose end the log does not take is ended when it does', () => {
    const { log, gateway, works, endOf } = one();
    log.request('a', 0);
    works(1);
    gateway.answers('a');
    gateway.decides(at(2));
    const [step] = gateway.appending.splice(0);
    gateway.decides(at(2));
    expect(gateway.appending).toEqual([]);
    gateway.board.failed(step!);
    works(3);
    expect(endOf('a')).toMatchObject({ outcome: 'answered' });
  });
});

/** Three gateways on one log, and chance. */
class Chaos {
  readonly log = new DecisionLog();
  readonly gateways: GatewayOnPaper[];
  readonly dead: GatewayOnPaper[] = [];
  readonly #asksFirst: boolean;
  #seconds = 0;
  #count = 0;

  constructor(asksFirst: boolean) {
    this.#asksFirst = asksFirst;
    this.gateways = [0, 1, 2].map((n) => this.#gateway(`run-${n}`));
  }

  readonly moves: Readonly<Record<string, (gateway: GatewayOnPaper, number: number) => void>> = {
    request: (_, number) => {
      this.log.request(this.#name(), this.#wall, { expires: this.#wall + number * SECOND });
    },
    again: (_, number) => {
      this.log.request(`${number}`, this.#wall);
    },
    read: (gateway, number) => {
      gateway.reads(number, at(this.#seconds));
    },
    decide: (gateway) => {
      gateway.decides(at(this.#seconds));
    },
    land: (gateway, number) => {
      gateway.lands(number, this.#wall);
    },
    fail: (gateway) => {
      const step = gateway.appending.pop();
      if (step !== undefined) gateway.board.failed(step);
    },
    answer: (gateway, number) => {
      gateway.answers(`${number}`);
    },
    hear: (gateway) => {
      gateway.hears();
    },
    close: (gateway) => {
      gateway.closes();
    },
    open: (gateway) => {
      gateway.reach = { connection: `c${this.#name()}` };
    },
    die: (gateway) => {
      this.dead.push(gateway);
      this.gateways[this.gateways.indexOf(gateway)] = this.#gateway(`next-${this.#name()}`, gateway.run);
    },
    wait: (_, number) => {
      this.#seconds += number * 4;
    },
  };

  /** Everybody reads everything, appends everything, and time passes. */
  settle(): void {
    for (let round = 0; round < 60; round++) {
      this.#seconds += 10;
      for (const gateway of this.gateways) {
        gateway.reads(1000, at(this.#seconds));
        gateway.decides(at(this.#seconds));
        while (gateway.appending.length > 0) gateway.lands(0, this.#wall);
      }
    }
  }

  get sent(): readonly string[] {
    return [...this.dead, ...this.gateways].flatMap(({ sent }) => sent);
  }

  get #wall() {
    return at(this.#seconds).wall;
  }

  #gateway(run: string, previousRun?: string): GatewayOnPaper {
    return new GatewayOnPaper(this.log, run, previousRun, this.#asksFirst);
  }

  #name(): string {
    return `${this.#count++}`;
  }
}

describe.each([
  ['', false],
  [' and sockets are asked first', true],
])('however gateways and the log are interleaved%s', (_, asksFirst) => {
  const move = fc.constantFrom(...Object.keys(new Chaos(asksFirst).moves));
  const moves = fc.array(fc.tuple(move, fc.nat(2), fc.nat(7)), { minLength: 20, maxLength: 200 });

  it('a command is sent at most once, is told how it ended, and not as unsent where it was sent', () => {
    let sentAtAll = 0;
    fc.assert(
      fc.property(moves, (given) => {
        const chaos = new Chaos(asksFirst);
        for (const [name, which, number] of given) chaos.moves[name]?.(chaos.gateways[which]!, number);
        chaos.settle();
        const { sent, log } = chaos;
        sentAtAll += sent.length;
        expect(new Set(sent).size).toBe(sent.length);
        for (const { command, ended } of log.standings().values()) {
          expect(ended).toBeDefined();
          if (sent.includes(command)) expect(ended?.outcome).not.toMatch(/expired|refused/);
        }
      }),
      { numRuns: 300 },
    );
    expect(sentAtAll).toBeGreaterThan(50);
  });
});
