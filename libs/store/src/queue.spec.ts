import { describe, expect, it } from 'vitest';
import { LaneQueue } from './queue.ts';

/** Work that runs until it is told to end. */
function controlled() {
  const running: { lane: string; work: string; end: () => void }[] = [];
  const work = (name: string) => (lane: string) =>
    new Promise<string>((resolve) => {
      running.push({
        lane,
        work: name,
        end: () => {
          resolve(name);
        },
      });
    });
  return { running, work, names: () => running.map(({ work: name }) => name) };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('lane queue', () => {
  it('runs one piece a lane, the others in the order of the calls', async () => {
    const queue = new LaneQueue(['a', 'b']);
    const { running, work, names } = controlled();
    const all = ['1', '2', '3', '4'].map((name) => queue.run(work(name)));
    await settle();
    expect(names()).toEqual(['1', '2']);
    running[1]?.end();
    await settle();
    expect(names()).toEqual(['1', '2', '3']);
    expect(running[2]?.lane).toBe(running[1]?.lane);
    for (const index of [0, 2, 3]) {
      running[index]?.end();
      await settle();
    }
    expect(await Promise.all(all)).toEqual(['1', '2', '3', '4']);
  });

  it('frees the lane of work that failed', async () => {
    const queue = new LaneQueue(['a']);
    await expect(queue.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await queue.run((lane) => Promise.resolve(lane))).toBe('a');
  });

  it('closes when all that was taken is done, also what waited', async () => {
    const queue = new LaneQueue(['a']);
    const { running, work } = controlled();
    const all = Promise.all([queue.run(work('1')), queue.run(work('2'))]);
    let closed = false;
    const closing = Promise.all([queue.close(), queue.close()]).then(() => (closed = true));
    await expect(queue.run(work('3'))).rejects.toMatchObject({ failure: 'closed' });
    await settle();
    running[0]?.end();
    await settle();
    expect(closed).toBe(false);
    running[1]?.end();
    await closing;
    expect(await all).toEqual(['1', '2']);
  });
});
