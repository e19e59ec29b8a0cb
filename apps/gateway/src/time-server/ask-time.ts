import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { HostAndPort } from '@chargeproof/config';
import type { Clock } from '../clock.ts';
import { type ClockReading, isAnswerTo, readAnswer, type Refused, writeQuestion } from './ntp-packet.ts';

/** The server did not say how far our clock is off. The message is one line. */
export class NoReading extends Error {
  override readonly name = 'NoReading';
  /** See {@link Refused}. */
  readonly kiss: string | undefined;
  constructor({ refused, kiss }: Refused) {
    super(refused);
    this.kiss = kiss;
  }
}

const ANSWER_MILLISECONDS = 5000;
/** Between two readings the host's clock and the one that is never set run alike, but for their ticks; a step is longer. */
export const SMALLEST_STEP = 10_000;

/**
 * Asks a time server once, with one datagram (SNTP: RFC 4330, 5; RFC 5905, 14).
 * @throws NoReading; the system's error where the server cannot be asked
 */
export async function askTime(
  { host, port }: HostAndPort,
  clock: Clock,
  patienceMilliseconds = ANSWER_MILLISECONDS,
): Promise<ClockReading> {
  const { address, family } = await lookup(host);
  const nonce = randomBytes(8).readBigUInt64BE();
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4').unref();
  const over = Promise.withResolvers<ClockReading>();
  const late = setTimeout(() => {
    over.reject(new NoReading({ refused: `it did not answer within ${patienceMilliseconds} ms` }));
  }, patienceMilliseconds).unref();
  let sent = { wall: 0, monotonic: 0 };
  socket.on('error', over.reject);
  socket.on('message', (packet) => {
    const elapsed = clock.monotonic() - sent.monotonic;
    const received = sent.wall + elapsed;
    // A connected socket hears its server only; what does not answer our question is waited past.
    if (!isAnswerTo(packet, nonce)) return;
    const read =
      Math.abs(clock.wall() - received) > SMALLEST_STEP
        ? { refused: "the host's clock was set meanwhile" }
        : readAnswer(packet, { sent: sent.wall, received });
    if ('refused' in read) over.reject(new NoReading(read));
    else over.resolve(read);
  });
  socket.connect(port, address, () => {
    sent = { wall: clock.wall(), monotonic: clock.monotonic() };
    socket.send(writeQuestion(nonce));
  });
  try {
    return await over.promise;
  } finally {
    clearTimeout(late);
    socket.close();
  }
}
