import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { type AnswerParts, ntpAnswer, startTimeServer } from '../testing/time-server.ts';
import { askTime } from './ask-time.ts';

const clock = systemClock();
const HOUR = 3_600_000_000;
const answerBy = (originate: bigint, ahead: number, more: Partial<AnswerParts> = {}) => {
  const now = clock.wall() + ahead;
  return ntpAnswer({ originate, asked: now, answered: now, ...more });
};

describe('a time server', () => {
  it('is asked with one datagram, and tells how far our clock is off', async () => {
    await using server = await startTimeServer((_, originate) => [answerBy(originate, HOUR)]);
    const { offset, uncertainty } = await askTime(server.at, clock);
    expect(Math.abs(offset - HOUR)).toBeLessThanOrEqual(uncertainty + 2000);
    expect(server.questions.map(({ length }) => length)).toEqual([48]);
  });

  it('is heard though forged, short and empty answers come before its own', async () => {
    await using server = await startTimeServer((question, originate) => [
      Buffer.alloc(0),
      question,
      answerBy(originate ^ 1n, 9 * HOUR),
      answerBy(originate, 9 * HOUR).subarray(0, 40),
      answerBy(originate, -HOUR),
      answerBy(originate, 9 * HOUR),
    ]);
    const { offset, uncertainty } = await askTime(server.at, clock);
    expect(Math.abs(offset + HOUR)).toBeLessThanOrEqual(uncertainty + 2000);
  });

  it('is not believed where another answers in its place', async () => {
    await using forger = await startTimeServer(() => []);
    await using server = await startTimeServer((_, originate) => [answerBy(originate ^ 1n, HOUR)]);
    await expect(askTime(server.at, clock, 50)).rejects.toThrow('it did not answer within 50 ms');
    await expect(askTime(forger.at, clock, 50)).rejects.toThrow('it did not answer within 50 ms');
  });

  it('that says no is told by its word', async () => {
    await using server = await startTimeServer((_, originate) => [
      answerBy(originate, 0, { stratum: 0, reference: 'RATE' }),
    ]);
    await expect(askTime(server.at, clock)).rejects.toMatchObject({ kiss: 'RATE' });
  });

  it('says nothing where our clock is set while it is asked', async () => {
    let set = 0;
    const stepping = { wall: () => clock.wall() + set, monotonic: () => clock.monotonic() };
    await using server = await startTimeServer((_, originate) => {
      set = HOUR;
      return [answerBy(originate, 0)];
    });
    await expect(askTime(server.at, stepping)).rejects.toThrow("the host's clock was set meanwhile");
  });

  it('that is not there is an error and no wait', async () => {
    const gone = await startTimeServer(() => []);
    const { at } = gone;
    await gone[Symbol.asyncDispose]();
    await expect(askTime(at, clock)).rejects.toThrow('ECONNREFUSED');
  });
});
