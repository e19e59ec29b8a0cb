import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variableName } from '@chargeproof/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Csms, startCsms } from '../e2e/gateway/csms.ts';
import { connect, End } from '../e2e/gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from '../e2e/gateway/gateway-process.ts';
import { answerTo, everyQuestion, type Question } from './asking/every-field.ts';
import { findingsOf } from './asking/questions.ts';
import { type QueryProcess, startQueryProcess } from './asking/query-process.ts';
import { NO_MESSAGES, ODD_FRAMES } from './hostile/frames.ts';
import * as talk from './hostile/talk.ts';

// Everything that a peer may send in place of what it should: over real sockets, through sealing and the
// built-in central system or a CSMS, into the tables, and out through every field of the schema.
const data = mkdtempSync(join(tmpdir(), 'chargeproof-hostile-'));
/** Frames that each station sent and got, as it counted them itself. */
const passed = new Map<string, number>();
let csms: Csms;
let gateway: GatewayProcess;
let api: QueryProcess;
let questions: readonly Question[];

const FOLDED = [
  'BootNotification',
  'MeterValues',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
];
const [ODD, ANSWERED, ASKED, S20] = ['CP-odd', 'CP-answered', 'CP-asked', 'S20'];

beforeAll(async () => {
  csms = await startCsms(talk.hostileCsms);
  const routes = join(data, 'routes.json');
  writeFileSync(routes, JSON.stringify({ [ANSWERED]: csms.url, [ASKED]: csms.url }));
  gateway = await startGatewayProcess({
    [variableName('data', 'folder')]: data,
    [variableName('gateway', 'port')]: '0',
    [variableName('gateway', 'routes')]: routes,
    [variableName('runtime', 'logLevel')]: 'warn',
  });
  api = await startQueryProcess(data);
  await Promise.all([
    ...talk.STATION_ACTIONS.map((action) =>
      station(action, (end) => talk.speak(end, talk.hostileCalls(action))),
    ),
    station(ODD, (end) => talk.speak(end, ODD_FRAMES)),
    station(ANSWERED, (end) => talk.speak(end, talk.askedHostilely)),
    station(ASKED, talk.beAsked),
    station(S20, (end) => talk.speak(end, NO_MESSAGES)),
  ]);
  await api.folded();
  questions = await everyQuestion(api);
});
afterAll(async () => {
  await api.stop();
  await gateway.signal('SIGTERM');
  await csms.close();
  rmSync(data, { recursive: true, force: true });
});

async function station(name: string, work: (end: End) => Promise<void>): Promise<void> {
  const end = await connect(`${gateway.address}/ocpp/${name}`, ['ocpp1.6']);
  if (!(end instanceof End)) throw new Error(`${name} was refused: ${end.reason}`);
  await work(end);
  end.socket.close();
  await end.closed;
  passed.set(name, end.sent.length + end.got.length);
}

/** Of messages that no read model is made of these stand for all: a tag, any text, a time. */
const UNFOLDED = ['Authorize', 'DataTransfer', 'SecurityEventNotification'];
const STATIONS = [...talk.STATION_ACTIONS, ODD, ANSWERED, ASKED, S20];

describe('hostile values', () => {
  it('are kept, each frame once', async () => {
    type Counts = { frameCounts: { byStation: { station: string; frames: string }[] } };
    const { frameCounts } = await api.ask<Counts>('{ frameCounts { byStation { station frames } } }');
    const counted = frameCounts.byStation.map(({ station: name, frames }) => [name, Number(frames)]);
    expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(passed));
    expect(passed.size).toBe(STATIONS.length);
  });

  it('break no projection, no insert and no process', async () => {
    const { platform } = await api.ask<{ platform: object }>(
      '{ platform { lag parked { projection station recordId } } }',
    );
    expect(platform).toEqual({ lag: '0', parked: [] });
    expect(gateway.said() + api.said()).toBe('');
  });

  it.each([...FOLDED, ODD, ANSWERED, ASKED, UNFOLDED])(
    'are told of by every field of every question: %s',
    async (...names) => {
      const subject = { station: names.flat(), from: '2020-01-01T00:00:00Z', to: '2029-12-31T00:00:00Z' };
      for (const question of questions) {
        const pages = await answerTo(api, question, subject);
        expect(pages.length, question.name).toBeGreaterThan(0);
      }
    },
  );

  it('let no transaction end before it began', async () => {
    type Answer = { transactions: { nodes: { startedAt: string | null; stoppedAt: string | null }[] } };
    const { transactions } = await api.ask<Answer>(
      '{ transactions(first: 500) { nodes { startedAt stoppedAt } } }',
    );
    const ended = transactions.nodes.filter(
      ({ startedAt, stoppedAt }) => startedAt !== null && stoppedAt !== null,
    );
    expect(ended.length).toBeGreaterThan(20);
    const SLACK = 2000;
    const turned = ended.filter(
      (one) => Date.parse(one.stoppedAt ?? '') + SLACK < Date.parse(one.startedAt ?? ''),
    );
    expect(turned).toEqual([]);
  });

  it.each([
    ['Authorize', 'schema-length', 'schema-type', 'schema-missing-field', 'rpc-payload-type'],
    ['MeterValues', 'schema-datetime', 'schema-datetime-zone', 'schema-datetime-implausible', 'schema-enum'],
    ['StartTransaction', 'schema-number-range', 'schema-null-value', 'rpc-duplicate-key', 'rpc-invalid-json'],
    ['CP-odd', 'rpc-id-length', 'rpc-id-type', 'rpc-action-unknown', 'rpc-response-unmatched'],
    ['CP-answered', 'schema-type', 'schema-datetime'],
    ['CP-asked', 'schema-extra-field', 'schema-type'],
  ])('are found to break rules: %s', async (name, ...rules) => {
    expect(Object.keys(await findingsOf(api, name))).toEqual(expect.arrayContaining(rules));
  });

  it('S20 frames that are no messages are kept and found, and the link stands', async () => {
    // Its last heartbeat was answered on the same connection: see `station`.
    expect(await findingsOf(api, S20)).toMatchObject({
      'rpc-invalid-json': 2,
      'rpc-binary': 1,
      'rpc-message-type': 1,
      'schema-length': 1,
    });
  });
});
