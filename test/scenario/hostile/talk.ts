import type { End } from '../../e2e/gateway/ends.ts';
import { until } from '../../e2e/gateway/until.ts';
import { hostilePayloads } from './matrix.ts';
import { FROM_CSMS, FROM_STATION, TO_STATION } from './payloads.ts';

type FromStation = keyof typeof FROM_STATION;
type ToStation = keyof typeof TO_STATION;
type FromCsms = keyof typeof FROM_CSMS;

export const STATION_ACTIONS = Object.keys(FROM_STATION) as readonly FromStation[];

/** So many frames are in flight at once: as many CALLs as are remembered, and no more. */
const IN_FLIGHT = 8;

/** Sends frames, a few at a time: a CALL that is answered shows that those before it were taken. */
export async function speak(end: End, frames: readonly (string | Buffer)[]): Promise<void> {
  for (let next = 0; next < frames.length; next += IN_FLIGHT) {
    for (const frame of frames.slice(next, next + IN_FLIGHT)) {
      end.send(frame, frame instanceof Buffer);
    }
    await heartbeat(end, `beat-${next}`);
  }
}

async function heartbeat(end: End, id: string): Promise<void> {
  let answered = false;
  const listen = (data: Buffer) => (answered ||= data.toString().startsWith(`[3,"${id}"`));
  end.socket.on('message', listen);
  end.send(`[2,"${id}","Heartbeat",{}]`);
  await until(() => answered);
  end.socket.off('message', listen);
}

/** CALLs of a station, one for each hostile payload of the action. */
export const hostileCalls = (action: FromStation): readonly string[] =>
  hostilePayloads(FROM_STATION[action]).map(
    (payload, index) => `[2,"${action}-${index}","${action}",${payload}]`,
  );

const ANSWERS: ReadonlyMap<string, string> = new Map(
  (Object.keys(TO_STATION) as ToStation[]).flatMap((action) =>
    hostilePayloads(TO_STATION[action]).map((payload, index) => [`${action}-${index}`, payload] as const),
  ),
);

/** CALLs as they should be, whose answers will not be. */
export const askedHostilely: readonly string[] = [...ANSWERS.keys()].map((id) => {
  const action = id.replace(/-\d+$/, '') as ToStation;
  return JSON.stringify([2, id, action, FROM_STATION[action]]);
});

const REQUESTS = (Object.keys(FROM_CSMS) as FromCsms[]).flatMap((action) => {
  const [request, answer] = FROM_CSMS[action];
  const hostile = (index: number, asked: string, answered: string) => ({
    call: `[2,"${action}-${index}","${action}",${asked}]`,
    answer: `[3,"${action}-${index}",${answered}]`,
  });
  const asked = hostilePayloads(request);
  const answered = hostilePayloads(answer);
  return [
    ...asked.map((payload, index) => hostile(index, payload, JSON.stringify(answer))),
    ...answered.map((payload, index) => hostile(asked.length + index, JSON.stringify(request), payload)),
  ];
});
const REPLIES = new Map(REQUESTS.map(({ answer }) => [answer.slice(4, answer.indexOf('",')), answer]));

/** So many times a station has to say `go`, to be asked everything. */
export const ROUNDS = Math.ceil(REQUESTS.length / IN_FLIGHT);

/** A CSMS of which nothing is as it should be. */
export function hostileCsms(end: End): void {
  let asked = 0;
  end.socket.on('message', (data: Buffer) => {
    const id = /^\[2,"([^"]{1,64})",/.exec(data.toString('latin1', 0, 80))?.[1];
    if (id === undefined) return;
    if (id.startsWith('go-')) {
      for (const { call } of REQUESTS.slice(asked, asked + IN_FLIGHT)) end.send(call);
      asked += IN_FLIGHT;
    }
    end.send(`[3,"${id}",${ANSWERS.get(id) ?? '{}'}]`);
  });
}

/** A station that lets itself be asked, and answers as it should not. */
export async function beAsked(end: End): Promise<void> {
  end.socket.on('message', (data: Buffer) => {
    const id = /^\[2,"([^"]{1,64})",/.exec(data.toString('latin1', 0, 80))?.[1];
    const reply = id === undefined ? undefined : REPLIES.get(id);
    if (reply !== undefined) end.send(reply);
  });
  for (let round = 0; round < ROUNDS; round++) await heartbeat(end, `go-${round}`);
}
