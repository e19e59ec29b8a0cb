import { cpSync } from 'node:fs';
import { dataLayout } from '@chargeproof/config';
import { expect } from 'vitest';
import { ask } from '../cli/command.ts';
import { connect, End } from '../gateway/ends.ts';

const COMMANDS = 12;
const REQUEST = `mutation ($id: ID!, $station: String!) { requestCommand(input: { id: $id, station: $station,
  action: "RemoteStartTransaction", payload: { idTag: "TAG-4711" }, actor: "test", expiresSeconds: 300 }) { id } }`;
const STATES = `query ($station: [String!]) { commands(filter: { station: $station }) {
  nodes { id state accepted exchange { answer { text } } } } }`;
type States = {
  readonly commands: {
    readonly nodes: readonly { readonly id: string; readonly accepted: boolean | null }[];
  };
};

const POLL = { timeout: 60_000, interval: 200 };

/** Of that station, those that it took, the newest first. */
async function acceptedOf(graphql: string, station: string): Promise<readonly string[]> {
  const { commands } = await ask<States>(graphql, STATES, { station: [station] });
  return commands.nodes.filter(({ accepted }) => accepted === true).map(({ id }) => id);
}

/** Where things are: the API's key folder is empty at first. */
export type CommandedGateways = {
  readonly station: string;
  readonly gateways: readonly string[];
  readonly api: string;
  readonly folders: { readonly gateway: string; readonly api: string };
};

const SILENT_COMMANDS = 6;

/** A station that has come to the second gateway, and whose socket at the first is open and half dead, does each command. */
export async function commandLive({
  station,
  gateways: [first, second],
  api,
}: Pick<CommandedGateways, 'station' | 'gateways' | 'api'>): Promise<void> {
  const ends: End[] = [];
  for (const gateway of [first, second]) {
    const end = await connect(`${gateway ?? ''}/ocpp/${station}`, ['ocpp1.6']);
    if (!(end instanceof End)) throw new Error(end.reason);
    ends.push(end);
  }
  const [silent, live] = ends as [End, End];
  // What is not read answers no ping.
  silent.socket.pause();
  const got: string[] = [];
  live.socket.on('message', (data) => {
    const [, id = ''] = JSON.parse((data as Buffer).toString()) as string[];
    got.push(id);
    live.send(`[3,"${id}",{"status":"Accepted"}]`);
  });
  const graphql = `${api}/graphql`;
  const ids = Array.from({ length: SILENT_COMMANDS }, (_, index) => `live-${index}`);
  for (const id of ids) await ask(graphql, REQUEST, { id, station });
  await expect.poll(() => acceptedOf(graphql, station), POLL).toEqual(ids.toReversed());
  expect(got).toEqual(ids);
  for (const { socket } of ends) socket.terminate();
}

/** A station with a socket at each gateway does each command once, and the API tells of all. */
export async function commandBoth({ station, gateways, api, folders }: CommandedGateways): Promise<void> {
  const ends = await Promise.all(
    gateways.map((gateway) => connect(`${gateway}/ocpp/${station}`, ['ocpp1.6'])),
  );
  const got: string[] = [];
  for (const end of ends) {
    if (!(end instanceof End)) throw new Error(end.reason);
    end.socket.on('message', (data) => {
      const [, id = '', , payload] = JSON.parse((data as Buffer).toString()) as string[];
      got.push(id);
      expect(payload).toEqual({ idTag: 'TAG-4711' });
      end.send(`[3,"${id}",{"status":"Accepted"}]`);
    });
  }
  const graphql = `${api}/graphql`;
  await expect(ask(graphql, REQUEST, { id: 'keyless', station })).rejects.toThrow(
    /^nothing was decided: tags and secrets in it could not be sealed: key file \S+ is missing/,
  );
  cpSync(dataLayout(folders.gateway).keys, dataLayout(folders.api).keys, { recursive: true });
  const ids = Array.from({ length: COMMANDS }, (_, index) => `both-${index}`);
  for (const id of ids) await ask(graphql, REQUEST, { id, station });
  // Asked again under its id it is no second one, wherever the first has come to.
  await ask(graphql, REQUEST, { id: 'both-0', station });
  await expect.poll(() => acceptedOf(graphql, station), POLL).toEqual(ids.toReversed());
  expect(got).toEqual(ids);
  for (const end of ends) if (end instanceof End) end.socket.terminate();
}
