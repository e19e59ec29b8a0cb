import { sampleRecord } from '@chargeproof/log/testing';
import { NumbersRefused, type Offsets } from '@chargeproof/log';
import { describe, expect, it } from 'vitest';
import type { Parts } from './numbered-producer.ts';
import { SendLoop } from './send-loop.ts';

/** A producer whose batch is taken when it is told to, with offsets from 100 on in each partition. */
function heldProducer() {
  const sent: { parts: Parts; settle: PromiseWithResolvers<Offsets> }[] = [];
  const next = new Map<number, number>();
  const send = (parts: Parts) => {
    const settle = Promise.withResolvers<Offsets>();
    sent.push({ parts, settle });
    return settle.promise;
  };
  const acknowledge = async (index: number) => {
    const held = sent[index];
    const taken = [...(held?.parts ?? [])].map(([partition, messages]): [number, number] => {
      const offset = next.get(partition) ?? 100;
      next.set(partition, offset + messages.length);
      return [partition, offset];
    });
    held?.settle.resolve(new Map(taken));
    await turn();
  };
  const counts = () => sent.map(({ parts }) => [...parts.values()].flat().length);
  return { loop: new SendLoop('ocpp.frames', { send }), sent, acknowledge, counts };
}

const turn = () => new Promise(setImmediate);
const inPartition = (sequence: number, partition: number, value?: Uint8Array) => ({
  ...sampleRecord('ST-1', sequence, value),
  partition,
});

describe('the send loop', () => {
  it('sends at once, and what comes meanwhile together when that is acknowledged', async () => {
    const { loop, acknowledge, counts } = heldProducer();
    const first = loop.append([inPartition(0, 3)]);
    await turn();
    const rest = [1, 2, 3].map((sequence) => loop.append([inPartition(sequence, 3)]));
    await turn();
    expect(counts()).toEqual([1]);
    await acknowledge(0);
    expect(await first).toEqual([{ generation: 0, partition: 3, offset: 100 }]);
    expect(counts()).toEqual([1, 3]);
    await acknowledge(1);
    expect((await Promise.all(rest)).flat().map(({ offset }) => offset)).toEqual([101, 102, 103]);
  });

  it('parts a call that is larger than a batch, and answers it when all of it is acknowledged', async () => {
    const { loop, acknowledge, counts } = heldProducer();
    const large = new Uint8Array(400_000);
    let answered = false;
    const call = loop.append([0, 1, 2, 3].map((sequence) => inPartition(sequence, sequence % 2, large)));
    void call.then(() => (answered = true));
    await turn();
    await acknowledge(0);
    expect(counts()).toEqual([2, 2]);
    expect(answered).toBe(false);
    await acknowledge(1);
    expect((await call).map(({ partition, offset }) => [partition, offset])).toEqual([
      [0, 100],
      [1, 100],
      [0, 101],
      [1, 101],
    ]);
  });

  it('takes nothing any more once a batch was not acknowledged: what follows must not stand before it', async () => {
    const { loop, sent } = heldProducer();
    const lost = loop.append([inPartition(0, 3)]);
    await turn();
    const waiting = loop.append([inPartition(1, 3)]);
    sent[0]?.settle.reject(new Error('the broker is gone'));
    for (const call of [lost, waiting, loop.append([inPartition(2, 3)])])
      await expect(call).rejects.toThrow(/^the log cannot go on: the broker is gone$/);
    expect(sent).toHaveLength(1);
  });

  it('says so where the brokers know of other records under its numbers', async () => {
    const { loop, sent } = heldProducer();
    const refused = loop.append([inPartition(0, 3)]);
    await turn();
    sent[0]?.settle.reject(
      Object.assign(new Error('out of order'), { type: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }),
    );
    await expect(refused).rejects.toThrow(NumbersRefused);
  });

  it('is full for one record that no topic takes, and goes on with others', async () => {
    const { loop, acknowledge } = heldProducer();
    const giant = loop.append([inPartition(0, 3, new Uint8Array(65 * 1024 * 1024))]);
    await expect(giant).rejects.toMatchObject({ name: 'LogFull' });
    const next = loop.append([inPartition(1, 3)]);
    await turn();
    await acknowledge(0);
    expect(await next).toHaveLength(1);
  });
});
