import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { HostAndPort } from '@chargeproof/config';
import { ntpTime } from '../time-server/ntp-time.ts';

/** An answer as a server of stratum 2 gives it, but for what is said to be otherwise. */
export type AnswerParts = {
  readonly leap?: number;
  readonly version?: number;
  readonly mode?: number;
  readonly stratum?: number;
  readonly reference?: string;
  /** Seconds. */
  readonly rootDelay?: number;
  readonly rootDispersion?: number;
  readonly originate?: bigint;
  /** Microseconds. */
  readonly asked: number;
  readonly answered: number;
};

const FRACTION = 65_536;

export function ntpAnswer({
  leap = 0,
  version = 4,
  mode = 4,
  stratum = 2,
  reference = 'GPS\0',
  rootDelay = 0,
  rootDispersion = 0,
  originate = 7n,
  asked,
  answered,
}: AnswerParts): Buffer {
  const packet = Buffer.alloc(48);
  packet[0] = (leap << 6) | (version << 3) | mode;
  packet[1] = stratum;
  packet.writeUInt32BE(rootDelay * FRACTION, 4);
  packet.writeUInt32BE(rootDispersion * FRACTION, 8);
  packet.write(reference, 12, 'latin1');
  packet.writeBigUInt64BE(originate, 24);
  packet.writeBigUInt64BE(asked === 0 ? 0n : ntpTime(asked), 32);
  packet.writeBigUInt64BE(answered === 0 ? 0n : ntpTime(answered), 40);
  return packet;
}

/** Gives the datagrams that answer a question, each its own. */
export type Answering = (question: Buffer, originate: bigint) => readonly Buffer[];

export type TimeServer = AsyncDisposable & {
  readonly at: HostAndPort;
  readonly questions: readonly Buffer[];
};

/** A time server on a port of this machine. */
export async function startTimeServer(answering: Answering): Promise<TimeServer> {
  const questions: Buffer[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (question, { address, port }) => {
    questions.push(question);
    for (const answer of answering(question, question.readBigUInt64BE(40)))
      socket.send(answer, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    at: { host: '127.0.0.1', port: socket.address().port },
    questions,
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}
