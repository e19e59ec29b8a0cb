import { describe, expect, it } from 'vitest';
import { Subscriber } from './subscriber.ts';

describe('a subscriber', () => {
  it('who does not read is ended, and told so after what waits', async () => {
    let ended = 0;
    const slow = new Subscriber<number>(2, () => ended++);
    slow.tell(1);
    slow.tell(2);
    await slow.ready(5);
    slow.tell(3);
    expect(ended).toBe(1);
    expect(await slow.next()).toEqual({ done: false, value: 1 });
    expect(await slow.next()).toEqual({ done: false, value: 2 });
    await expect(slow.next()).rejects.toMatchObject({ extensions: { code: 'SLOW_SUBSCRIBER' } });
    expect(await slow.next()).toEqual({ done: true, value: undefined });
  });

  it('who reads in time is waited for', async () => {
    const reader = new Subscriber<number>(1, () => {
      throw new Error('it was ended');
    });
    reader.tell(1);
    const ready = reader.ready(60_000);
    expect(await reader.next()).toEqual({ done: false, value: 1 });
    await ready;
    const next = reader.next();
    reader.tell(2);
    expect(await next).toEqual({ done: false, value: 2 });
  });

  it('who leaves while waiting is let go', async () => {
    let ended = 0;
    const leaving = new Subscriber<number>(1, () => ended++);
    const next = leaving.next();
    await leaving.return();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(ended).toBe(1);
  });
});
