import type { LoggedRecord } from '@chargeproof/record';
import { expect } from 'vitest';
import { ask } from '../cli/command.ts';
import { connect, End } from '../gateway/ends.ts';

/** Where a station's three sockets lead to, one after the other. */
export type Way = {
  readonly station: string;
  readonly gateways: readonly [first: string, second: string, third: string];
  /** Its first socket stays open, half open perhaps, and what was still in it comes when the station is long elsewhere. */
  readonly leavesOneOpen?: true;
};

type Answered = readonly [kind: number, id: string, payload: { readonly transactionId?: number }];

/** One charging session over three sockets: what was sent, and what was answered, by message ids. */
export async function wander({ station, gateways, leavesOneOpen }: Way): Promise<readonly string[]> {
  const ids: string[] = [];
  const call = async (end: End, action: string, payload: object): Promise<Answered> => {
    const id = `${station}.${ids.length}`;
    ids.push(id);
    end.send(JSON.stringify([2, id, action, payload]));
    const data = await new Promise<string>((resolve) => {
      end.socket.once('message', (told: Buffer) => {
        resolve(told.toString());
      });
    });
    const answer = JSON.parse(data) as Answered;
    expect(answer.slice(0, 2)).toEqual([3, id]);
    return answer;
  };
  const open = async (nth: 0 | 1 | 2): Promise<End> => {
    const end = await connect(`${gateways[nth]}/ocpp/${station}`, ['ocpp1.6']);
    if (!(end instanceof End)) throw new Error(end.reason);
    return end;
  };
  const close = async ({ socket, closed }: End) => {
    socket.close(1000);
    await closed;
  };
  const status = (end: End, connectorId: number, told: string) =>
    call(end, 'StatusNotification', { connectorId, errorCode: 'NoError', status: told });

  const first = await open(0);
  await call(first, 'BootNotification', { chargePointVendor: 'Test', chargePointModel: 'One' });
  await status(first, 1, 'Preparing');
  await call(first, 'Authorize', { idTag: 'TAG-1' });
  const [, , { transactionId }] = await call(first, 'StartTransaction', {
    connectorId: 1,
    idTag: 'TAG-1',
    meterStart: 1000,
    timestamp: new Date().toISOString(),
  });
  await status(first, 1, 'Charging');
  const metered = (end: End, value: string) => {
    const sampledValue = [{ value, measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
    const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
    return call(end, 'MeterValues', { connectorId: 1, transactionId, meterValue });
  };
  await metered(first, '1500');
  if (leavesOneOpen !== true) await close(first);
  const second = await open(1);
  await metered(second, '2500');
  if (leavesOneOpen === true) await call(first, 'Heartbeat', {});
  await metered(second, '3200');
  await close(second);
  const third = await open(2);
  await call(third, 'StopTransaction', {
    transactionId,
    meterStop: 4000,
    timestamp: new Date().toISOString(),
  });
  await status(third, 1, 'Available');
  if (leavesOneOpen === true) await close(first);
  await close(third);
  return ids;
}

/** Each message is on record once in either direction, and each of its three sockets with its end, by the gateway it was at. */
export function expectRecorded(
  records: readonly LoggedRecord[],
  { station }: Way,
  { ids, runs }: { readonly ids: readonly string[]; readonly runs: readonly (string | undefined)[] },
): void {
  const own = records.filter(({ attributes }) => attributes.subject === station);
  const ofType = (type: string) => own.filter(({ attributes }) => attributes.type === type);
  for (const way of ['station-to-csms', 'csms-to-station']) {
    const seen = ofType('ocpp.frame.v1')
      .filter(({ attributes }) => attributes.direction === way)
      .map(({ value }) => (JSON.parse(new TextDecoder().decode(value)) as Answered)[1]);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  }
  const opened = new Map(
    ofType('ocpp.handshake-accepted.v1').map(({ attributes }) => [attributes.connection, attributes.source]),
  );
  expect([...opened.values()].toSorted()).toEqual(runs.toSorted());
  const closed = ofType('ocpp.connection-closed.v1').map(({ attributes }) => attributes.connection);
  expect(new Set(closed)).toEqual(new Set(opened.keys()));
  expect(closed).toHaveLength(opened.size);
}

const FIGURES = `query ($station: [String!], $from: DateTime!, $to: DateTime!) {
  transactions(filter: { station: $station }) { nodes {
    connector kind starts startedBy stopMethod meterValues { value }
    energy { energyWh method confidence findings { code } } } }
  energy(station: $station, from: $from, to: $to) { entries { energyWh } }
  statusTimeline(station: $station) { nodes { connector status errorCode } }
  stations(station: $station) { nodes { boots connectors { connector status } } }
  conformance(station: $station) { findings { rule count } }
  completeness(station: $station, from: $from, to: $to) { entries {
    complete unwatchedSeconds gaps { kind } } } }`;

export type Figures = {
  readonly transactions: { readonly nodes: readonly { readonly meterValues: readonly unknown[] }[] };
  readonly energy: { readonly entries: readonly { readonly energyWh: string | null }[] };
  readonly stations: { readonly nodes: readonly object[] };
  readonly completeness: { readonly entries: readonly object[] };
};

/** What is told of a station in a period, without what differs between two: names and times. */
export const figuresOf = (
  api: string,
  station: string,
  period: { readonly from: string; readonly to: string },
) => ask<Figures>(`${api}/graphql`, FIGURES, { station: [station], ...period });
