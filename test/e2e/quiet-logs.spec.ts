import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunningCommand } from './cli/command.ts';
import { connect, End } from './gateway/ends.ts';

/** Everything that must not be in a log: each is planted where it could get into one. */
const PLANTED = {
  tag: 'TAG-5f1c',
  password: 'PASSWORD-77aa',
  pathSecret: 'PATH-SECRET-31',
  tokenOfUrl: 'URL-TOKEN-90',
  apiToken: 'API-TOKEN-of-16-characters',
  wrongToken: 'WRONG-TOKEN-04',
  payload: 'PAYLOAD-c0ffee',
  query: 'QUERY-d00d',
} as const;

let data: string;
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'chargeproof-quiet-'))));
afterEach(() => {
  rmSync(data, { recursive: true, force: true });
});

const settle = (milliseconds: number) => new Promise((next) => setTimeout(next, milliseconds));

it('no process logs what stations send, what people ask, or a secret', async () => {
  const platform = new RunningCommand(['start', '--data', data], {
    [variableName('gateway', 'port')]: '0',
    [variableName('api', 'port')]: '0',
    [variableName('api', 'token')]: PLANTED.apiToken,
    [variableName('runtime', 'logLevel')]: 'debug',
  });
  const [, stations = ''] = await platform.said(/Point a station at +(ws:\S+)\/ocpp\/<station>/);
  const [, questions = ''] = await platform.said(/Ask questions at +(http:\S+)/);
  const password = Buffer.from(`CP-1:${PLANTED.password}`).toString('base64');
  const path = `/ocpp/CP-1?token=${PLANTED.tokenOfUrl}`;
  const end = await connect(`${stations}${path}`, ['ocpp1.6'], {
    headers: { authorization: `Basic ${password}` },
  });
  if (!(end instanceof End)) throw new Error('the station was refused');
  const frames = [
    `[2,"1","Authorize",{"idTag":"${PLANTED.tag}"}]`,
    `[2,"2","DataTransfer",{"vendorId":"x","data":"${PLANTED.payload}"}]`,
    `[2,"3","Authorize",{"idTag":"${PLANTED.tag}"`,
    `${PLANTED.payload} is no JSON`,
  ];
  for (const frame of frames) end.send(frame);
  while (end.got.length < 2) await settle(10);
  // Refused: a path that is not ours, one that is malformed, garbage, and a browser.
  await connect(`${stations}/${PLANTED.pathSecret}`, ['ocpp1.6']);
  await connect(`${stations}/ocpp/%zz${PLANTED.pathSecret}`, ['ocpp1.6']);
  await connect(`${stations}/ocpp/CP-2`, ['ocpp1.6'], { origin: `https://${PLANTED.pathSecret}.example` });
  end.socket.terminate();
  const asked = (query: string, token: string) =>
    fetch(questions, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
  expect((await asked('{ __typename }', PLANTED.wrongToken)).status).toBe(401);
  const questionsAsked = [
    `{ stations(tenant: "${PLANTED.query}") { nodes { station } } }`,
    `{ frames(filter: { text: "${PLANTED.tag}" }) { nodes { text } } }`,
    `{ ${PLANTED.query.replace('-', '_')} }`,
    `{ "${PLANTED.query}`,
    `{ energy(from: "${PLANTED.query}", to: "x") { entries { station } } }`,
  ];
  for (const query of questionsAsked) await asked(query, PLANTED.apiToken);
  platform.signal('SIGTERM');
  const { stderr, stdout } = await platform.finished;
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  for (const [what, secret] of Object.entries(PLANTED)) expect(stderr + stdout, what).not.toContain(secret);
  expect(stderr + stdout).not.toContain(password);
});
