import { setTimeout as pause } from 'node:timers/promises';
import { load, stationsOf } from '../ends.ts';
import { openSocket } from '../load/open-socket.ts';
import { maskedText } from '../load/raw-websocket.ts';
import { quantile } from '../numbers.ts';
import { ask, startGateway, startReaders } from '../platform.ts';
import { BOTH, type Section, type Stand } from './figure.ts';

export type RowAfterFigures = {
  /** From a frame's leaving its station to the GraphQL answer that holds its row. */
  readonly rowAfterMs: { readonly p50: number; readonly p99: number };
  readonly rowAfter: { readonly frames: number; readonly callsPerSecond: number; readonly questions: number };
};

/** What other stations do meanwhile: far below what the tables can take. */
const AROUND = { stations: 100, callsPerSecond: 500 };
const SECONDS = 30;
const BETWEEN_FRAMES_MS = 100;
/** A question each so often; a row is found so much later at most, and a question's own time. */
const BETWEEN_QUESTIONS_MS = 20;
const PATIENCE_MS = 30_000;

export const rowAfter: Section = {
  name: 'answer',
  about: "from a frame's arrival to its row in an answer",
  profiles: BOTH,
  measure: rowAfterFigures,
};

async function rowAfterFigures({ profile, ends }: Stand): Promise<RowAfterFigures> {
  const place = await profile.place();
  const gateway = await startGateway(place, ends.upstream);
  const readers = await startReaders(profile, place);
  try {
    const around = load(ends, gateway, { ...AROUND, seconds: SECONDS + 2 });
    const found = await probe(new URL(`${stationsOf(gateway)}/PROBE`), readers.address);
    const { calls, seconds } = await around;
    return {
      rowAfterMs: { p50: quantile(found.latencies, 0.5), p99: quantile(found.latencies, 0.99) },
      rowAfter: {
        frames: found.latencies.length,
        callsPerSecond: calls / seconds,
        questions: found.questions,
      },
    };
  } finally {
    await readers.stop();
    await gateway.stop();
    await place.remove();
  }
}

/** A station that sends now and then, and somebody who keeps asking for what it sent. */
async function probe(station: URL, address: string) {
  const socket = await openSocket(station, () => undefined);
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  let next = 0;
  let questions = 0;
  const sending = setInterval(() => {
    const id = `probe-${next++}`;
    sentAt.set(id, performance.now());
    socket.write(maskedText(Buffer.from(`[2,"${id}","Heartbeat",{}]`)));
  }, BETWEEN_FRAMES_MS);
  const end = performance.now() + SECONDS * 1000;
  while (performance.now() < end || sentAt.size > 0) {
    if (performance.now() > end) clearInterval(sending);
    if (performance.now() > end + PATIENCE_MS) throw new Error(`${sentAt.size} frames have no row yet`);
    const answer = await ask<{ frames: { nodes: { messageId: string }[] } }>(address, QUESTION);
    questions += 1;
    const now = performance.now();
    for (const { messageId } of answer.frames.nodes) {
      const sent = sentAt.get(messageId);
      if (sent === undefined) continue;
      sentAt.delete(messageId);
      latencies.push(now - sent);
    }
    await pause(BETWEEN_QUESTIONS_MS);
  }
  socket.destroy();
  return { latencies, questions };
}

const QUESTION =
  '{ frames(filter: { station: ["PROBE"], direction: STATION_TO_CSMS }, first: 200) { nodes { messageId } } }';
