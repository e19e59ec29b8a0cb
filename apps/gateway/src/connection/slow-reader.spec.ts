import { expect, it } from 'vitest';
import { RecorderUnderTest } from '../testing/recorder-under-test.ts';
import { until } from '../testing/until.ts';
import { station, type End } from '../testing/wire.ts';

const MiB = 1024 * 1024;
const OTHERS = 40;
const CALLS = 25;
const raw = ({ socket }: End) => (socket as unknown as { _socket: { pause(): void } })._socket;
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One call after the other, answered by the CSMS. @returns milliseconds of each, there and back */
async function talk({ charger, csms }: { charger: End; csms: End }): Promise<number[]> {
  const times: number[] = [];
  csms.socket.on('message', (data: Buffer) => {
    csms.socket.send(data.toString().replace('[2', '[3'));
  });
  for (let index = 0; index < CALLS; index += 1) {
    const began = performance.now();
    const answer = new Promise((resolve) => charger.socket.once('message', resolve));
    charger.socket.send(`[2,"${index}","Heartbeat",{}]`);
    await answer;
    times.push(performance.now() - began);
    await rest(10);
  }
  return times;
}

const p99 = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;

it('a station that never reads costs the others nothing, and a bounded memory', async () => {
  await using recorder = await RecorderUnderTest.start({ maxBufferedBytes: MiB });
  const pair = async (name: string) => {
    const charger = await station(recorder.url(`/ocpp/${name}`));
    return { charger, csms: await recorder.upstream.next() };
  };
  const others: Awaited<ReturnType<typeof pair>>[] = [];
  for (let index = 0; index < OTHERS; index += 1) others.push(await pair(`CP-${index}`));
  await Promise.all(others.map(talk));
  const without = p99((await Promise.all(others.map(talk))).flat());

  const slow = await pair('CP-SLOW');
  raw(slow.charger).pause();
  const block = Buffer.alloc(64 * 1024, 'x');
  const flood = setInterval(() => {
    // As a CSMS that heeds nothing, up to what its own end should bear.
    while (slow.csms.socket.bufferedAmount < 8 * MiB) slow.csms.socket.send(block);
  }, 1);
  await until(() => slow.csms.socket.bufferedAmount >= 8 * MiB);
  const times = (await Promise.all(others.map(talk))).flat();
  clearInterval(flood);

  const taken = (await recorder.ofType('ocpp.frame.v1')).filter(
    ({ attributes }) => attributes.subject === 'CP-SLOW',
  );
  // What is in hand, and what the kernel holds of a socket on loopback.
  expect(taken.length * block.length).toBeLessThan(MiB + 12 * MiB);
  expect(p99(times)).toBeLessThan(4 * without + 100);
});
