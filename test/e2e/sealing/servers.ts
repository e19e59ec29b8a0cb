import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment, dataLayout, variableName } from '@chargeproof/config';
import { openKafkaLogReader } from '@chargeproof/log-kafka';
import { openServerStore } from '@chargeproof/store';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { builtApp } from '../../fixtures/built.ts';
import { ownName, type Servers } from '../cluster/servers.ts';
import { connect, End } from '../gateway/ends.ts';
import { type GatewayProcess, startGatewayProcess } from '../gateway/gateway-process.ts';
import { OWN, writeRules } from './own.ts';
import { type Planted, PLANTED } from './planted.ts';
import { COLUMNS, filesIn, isFound, recordsOf, rowsOf, SEGMENTS, spooledIn } from './search.ts';
import { type AppProcess, startApp } from '../shared-log/processes.ts';
import { until } from '../gateway/until.ts';

const CLI = builtApp('cli');
const STATION = 'PLANTER';
const asked = (form: string, secret: string): Planted => ({ form, secret, frame: '' });
const COMMANDED = {
  tag: asked('a tag in RemoteStartTransaction, by GraphQL', 'CMDTAG01qZx7Kw'),
  key: asked('a key in ChangeConfiguration, by the command line', 'CMDKEY02qZx7Kw'),
  own: asked('a setting that the deployment names', 'CMDPIN03qZx7Kw'),
  wrong: asked('a secret in a command that is refused', 'CMDBAD04qZx7Kw'),
  broken: asked('a secret in a payload that is no JSON', 'CMDODD05qZx7Kw'),
};
const ALL = [...PLANTED, ...OWN, ...Object.values(COMMANDED)];
/** Stands in clear, so that a search which does not find it finds nothing at all. */
const CONTROL = 'CONTROL06qZx7Kw';
const SEARCH = `query ($tag: [String!]) {
  frames(filter: { idTag: $tag }) { nodes { action text } } subjects(idTag: $tag) { entries { standIn } } }`;
const REQUEST = `mutation ($input: RequestCommandInput!) { requestCommand(input: $input) { id payload } }`;

/** A spool, a broker, a ClickHouse server and all that our processes say: searched for what was planted. */
export function sealedServers(here: () => Servers): void {
  let root: string;
  let gateway: GatewayProcess;
  const apps: AppProcess[] = [];
  const said: string[] = [];
  let searched = '';
  const places = new Map<string, Buffer>();

  async function toStdin(action: string, payload: string, api: string): Promise<void> {
    const child = spawn(process.execPath, [CLI, 'command', STATION, action, '-', '--api', api], {
      env: childEnvironment({}),
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
    const ended = once(child, 'close');
    child.stdin.end(payload);
    await ended;
  }

  beforeAll(async () => {
    const servers = here();
    root = mkdtempSync(join(tmpdir(), 'chargeproof-sealed-servers-'));
    const data = join(root, 'data');
    const database = ownName('sealed');
    const topicPrefix = `${database}.`;
    const settings = {
      ...servers.log(topicPrefix),
      ...servers.tables(database),
      [variableName('data', 'folder')]: data,
      [variableName('data', 'sealingRules')]: writeRules(root),
      [variableName('gateway', 'port')]: '0',
      [variableName('api', 'port')]: '0',
      [variableName('runtime', 'logLevel')]: 'debug',
      [variableName('kafka', 'spoolAfterSeconds')]: '1',
    };
    gateway = await startGatewayProcess(settings);
    const end = await connect(`${gateway.address}/ocpp/${STATION}`, ['ocpp1.6']);
    if (!(end instanceof End)) throw new Error(`refused: ${end.reason}`);
    const answered = new Set<string>();
    end.socket.on('message', (data) => {
      const [type, id] = JSON.parse((data as Buffer).toString()) as [number, string];
      answered.add(id);
      if (type === 2) end.send(`[3,"${id}",{"status":"Accepted"}]`);
    });
    end.send(
      `[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","firmwareVersion":"${CONTROL}"}]`,
    );
    await until(() => end.got.length > 0);
    // Half of it while the broker is there, and half into the spool.
    const { own } = servers.broker;
    const send = (each: readonly Planted[]) => {
      for (const { frame } of each) end.send(frame);
    };
    const last = async (id: string) => {
      end.send(`[2,"${id}","DataTransfer",{"vendorId":"v","data":"${CONTROL}"}]`);
      await until(() => answered.has(id));
    };
    const frames = [...PLANTED, ...OWN];
    send(frames.slice(0, 9));
    await last('l1');
    own?.signal('SIGSTOP');
    send(frames.slice(9));
    await last('l2');
    await until(() => existsSync(dataLayout(data).spool));
    cpSync(dataLayout(data).spool, join(root, 'spool'), { recursive: true });
    own?.signal('SIGCONT');
    const spooled = await spooledIn(join(root, 'spool'));

    for (const app of ['projector', 'api'] as const) apps.push(await startApp(app, settings, 'debug'));
    const api = apps[1]?.ready.address ?? '';
    const question = async (query: string, variables: object = {}) => {
      const response = await fetch(`${api}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return response.text();
    };
    const input = (action: string, payload: object) => ({
      input: { station: STATION, action, payload, actor: 'test', expiresSeconds: 120 },
    });
    const told: string[] = [];
    told.push(
      await question(REQUEST, input('RemoteStartTransaction', { idTag: COMMANDED.tag.secret })),
      await question(REQUEST, input('ChangeConfiguration', { key: 'X-Unlock', value: COMMANDED.own.secret })),
      await question(
        REQUEST,
        input('ChangeConfiguration', { key: 'AuthorizationKey', value: { a: COMMANDED.wrong.secret } }),
      ),
    );
    await toStdin('ChangeConfiguration', `{"key":"AuthorizationKey","value":"${COMMANDED.key.secret}"}`, api);
    await toStdin(
      'ChangeConfiguration',
      `{"key":"AuthorizationKey","value":"${COMMANDED.broken.secret}`,
      api,
    );
    const listed = `{ frames(first: 200, filter: { station: ["${STATION}"] }) { nodes { text } }
        commands(first: 20) { nodes { action state payload } } }`;
    await vi.waitUntil(async () => ((await question(listed)).match(/ANSWERED/g)?.length ?? 0) === 3, {
      timeout: 60_000,
      interval: 300,
    });
    searched = await question(SEARCH, { tag: [COMMANDED.tag.secret.toLowerCase()] });
    told.push(searched, await question(listed), await (await fetch(`${api}/metrics`)).text());
    const http = gateway.address.replace(/^ws/, 'http');
    told.push(await (await fetch(`${http}/metrics`)).text());
    expect(end.got.length).toBeGreaterThan(0);
    end.socket.close();
    await gateway.signal('SIGTERM');
    for (const app of apps.splice(0)) {
      await app.stop();
      said.push(app.said());
    }
    const options = {
      brokers: servers.broker.brokers,
      clientId: 'chargeproof-test',
      topicPrefix,
      replication: 1,
    };
    const reader = await openKafkaLogReader(options);
    const records = await recordsOf(reader, 'ocpp.frames', 'platform.decisions');
    await reader.close();
    places.set('the data folder', Buffer.concat(filesIn(data)));
    places.set('the spool', Buffer.concat(spooled));
    places.set('the records of the broker', Buffer.concat(records));
    places.set('the folder of the broker', Buffer.concat(own ? filesIn(own.data, SEGMENTS) : []));
    places.set('the tables of the server', Buffer.from(await tablesOf(servers, database)));
    const clickhouse = servers.clickhouse.own;
    places.set(
      'the folder of the server',
      Buffer.concat(clickhouse ? filesIn(clickhouse.data, COLUMNS) : []),
    );
    places.set('what the API answers', Buffer.from(told.join('\n')));
    places.set('what our processes say', Buffer.from(said.join('\n') + gateway.said()));
  }, 180_000);

  afterAll(async () => {
    here().broker.own?.signal('SIGCONT');
    for (const app of apps) await app.stop();
    await gateway.signal('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  it.each(ALL)('hold nothing of $form', ({ secret }) => {
    const found = [...places].filter(([, contents]) => isFound(contents, secret)).map(([place]) => place);
    expect(found).toEqual([]);
  });

  it('find a tag that is asked for in clear, and answer with its stand-in', () => {
    const { data } = JSON.parse(searched) as {
      data: {
        frames: { nodes: { action: string; text: string }[] };
        subjects: { entries: { standIn: string }[] };
      };
    };
    expect(data.frames.nodes.map(({ action }) => action)).toEqual(['RemoteStartTransaction']);
    expect(data.subjects.entries).toHaveLength(1);
    expect(data.frames.nodes[0]?.text).toContain(data.subjects.entries[0]?.standIn);
  });

  it('are searched where there is something to find', () => {
    for (const [place, contents] of places) {
      expect(contents.length, place).toBeGreaterThan(500);
      expect(contents.length, place).toBeLessThan(30_000_000);
    }
    for (const place of [
      'the spool',
      'the records of the broker',
      'the tables of the server',
      'what the API answers',
    ]) {
      expect(isFound(places.get(place) ?? Buffer.alloc(0), CONTROL), place).toBe(true);
    }
  });
}

async function tablesOf({ clickhouse }: Servers, database: string): Promise<string> {
  const { url, username, password } = clickhouse;
  const store = await openServerStore({ url, username, password, database });
  try {
    return await rowsOf(store);
  } finally {
    await store.close();
  }
}
