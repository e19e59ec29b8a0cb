import { expect, it } from 'vitest';
import { NumberedProducer, type Parts } from './numbered-producer.ts';
import { SmallCluster } from './testing/small-cluster.ts';

/** partition → texts. */
const parts = (texts: Readonly<Record<number, readonly string[]>>): Parts =>
  new Map(
    Object.entries(texts).map(([partition, values]) => [
      Number(partition),
      values.map((value) => ({
        key: Buffer.from(''),
        value: Buffer.from(value),
        headers: {},
        partition: Number(partition),
      })),
    ]),
  );

async function producerOn(cluster: SmallCluster, patienceMs = Infinity) {
  const producer = new NumberedProducer(cluster.asCluster(), 'frames', patienceMs);
  await producer.connect();
  return producer;
}

it('sends each leader its partitions, and tells where they stand', async () => {
  const cluster = new SmallCluster({ 0: 'a', 1: 'b' });
  const producer = await producerOn(cluster);
  await producer.send(parts({ 0: ['x'], 1: ['y', 'z'] }));
  expect(await producer.send(parts({ 1: ['w'] }))).toEqual(new Map([[1, 2]]));
  expect(producer.numbering).toEqual({
    producer: '7',
    epoch: 0,
    next: new Map([
      [0, 1],
      [1, 3],
    ]),
  });
});

it('has a part there once, whose broker took it and did not say so', async () => {
  const cluster = new SmallCluster({ 0: 'a' });
  cluster.moods.set('a', 'silent');
  cluster.between = () => cluster.moods.set('a', 'there');
  const producer = await producerOn(cluster);
  await producer.send(parts({ 0: ['x', 'y'] }));
  await producer.send(parts({ 0: ['z'] }));
  expect(cluster.held.get(0)).toEqual(['x', 'y', 'z']);
});

it('does not send beside itself what a slow broker has under way while another fails', async () => {
  const cluster = new SmallCluster({ 0: 'slow', 1: 'failing' });
  cluster.turns.set('slow', 200);
  cluster.moods.set('failing', 'gone');
  cluster.between = () => cluster.moods.set('failing', 'there');
  const producer = await producerOn(cluster);
  await producer.send(parts({ 0: ['x'], 1: ['y'] }));
  expect(cluster.held).toEqual(
    new Map([
      [0, ['x']],
      [1, ['y']],
    ]),
  );
  expect(cluster.requests.filter(({ nodeId }) => nodeId === 'slow')).toHaveLength(1);
});

it('does not send again what was taken, whoever leads it by then', async () => {
  const cluster = new SmallCluster({ 0: 'a', 1: 'b' });
  cluster.moods.set('b', 'gone');
  cluster.between = () => {
    cluster.moods.set('b', 'there');
    cluster.leaders.set(0, 'b');
  };
  const producer = await producerOn(cluster);
  await producer.send(parts({ 0: ['x'], 1: ['y'] }));
  expect(cluster.held.get(0)).toEqual(['x']);
  expect(cluster.requests.at(-1)).toEqual({ nodeId: 'b', partitions: [1] });
});

it('goes on where another ended: what that one still had under way is there once', async () => {
  const cluster = new SmallCluster({ 0: 'a' });
  const dead = await producerOn(cluster);
  await dead.send(parts({ 0: ['x'] }));
  const { numbering } = dead;
  await dead.send(parts({ 0: ['y', 'z'] }));
  const next = await producerOn(cluster);
  next.resume(numbering);
  await next.send(parts({ 0: ['y', 'z'] }));
  expect(cluster.held.get(0)).toEqual(['x', 'y', 'z']);
});

it('gives up what does not pass, and after its patience what may', async () => {
  const cluster = new SmallCluster({ 0: 'a' });
  const producer = await producerOn(cluster, 0);
  producer.resume({ producer: '7', epoch: 0, next: new Map([[0, 5]]) });
  await expect(producer.send(parts({ 0: ['x'] }))).rejects.toThrow(/out of order/);
  cluster.moods.set('a', 'gone');
  await expect(producer.send(parts({ 0: ['x'] }))).rejects.toThrow(/nobody is there/);
});
