import { type Appended, GatewayRun, type Socket } from '@chargeproof/projection/testing';
import { FRAME_PARTITIONS, partitionOf, recordKey } from '@chargeproof/record';
import { BOOT, status } from '../telling/messages.ts';

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;
const FIRST_DAY = Date.UTC(2025, 5, 1) * 1000;
/** Each telling has a partition of a day of its own, so that no other's gateways watch its hours. */
let tellings = 0;
let runs = 0;

/** A day of one station, told by its gateways into a log of which something may be missing. */
export type Told = {
  readonly cluster: string;
  readonly station: string;
  readonly from: number;
  readonly to: number;
  readonly appended: readonly Appended[];
  /** In words. */
  readonly taken: string;
  /** Whether the record was whole before, so that somebody must miss it. */
  readonly isMissed: boolean;
};

export type Cluster = { readonly name: string; readonly isWhole: boolean; readonly tell: (day: Day) => void };

/** How long each tells. */
const LENGTH = 1800;

/** A name of its own in the partition whose turn it is. */
function stationOf(nth: number): string {
  for (let tried = 0; ; tried += 1) {
    const station = `R${nth}-${tried}`;
    if (partitionOf(recordKey({ tenant: 'default', station })) === nth % FRAME_PARTITIONS) return station;
  }
}

class Day {
  readonly began: number;
  readonly station: string;
  readonly appended: Appended[] = [];
  #message = 0;

  constructor(nth: number) {
    this.began = FIRST_DAY + Math.floor(nth / FRAME_PARTITIONS) * DAY;
    this.station = stationOf(nth);
  }

  at(seconds: number): number {
    return this.began + Math.round(seconds * SECOND);
  }

  run(at: number, record?: 'beside-relay', previous?: GatewayRun): GatewayRun {
    const partition = partitionOf(recordKey({ tenant: 'default', station: this.station }));
    const name = `rm${String(runs++).padStart(4, '0')}`;
    const run = new GatewayRun(this.at(at), 0, name, FRAME_PARTITIONS, (one) => {
      if (one.partition === partition) this.appended.push(one);
    });
    run.start(60, previous && { run: previous.id, endedCleanly: false }, record);
    return run;
  }

  open(run: GatewayRun, at: number): Socket {
    return run.open(this.at(at), { tenant: 'default', station: this.station });
  }

  call(socket: Socket, at: number, action: string, payload: object, answer: object = {}): void {
    const id = String(++this.#message);
    socket.run.frame(this.at(at), socket, 'station-to-csms', JSON.stringify([2, id, action, payload]));
    socket.run.frame(this.at(at + 0.1), socket, 'csms-to-station', JSON.stringify([3, id, answer]));
  }

  close(socket: Socket, at: number): void {
    socket.run.close(this.at(at), socket, { code: 1000, reason: '', by: 'station' });
  }

  /** Ticks of these runs by the minute, and between them what happens. */
  minutes(from: number, to: number, runs: readonly GatewayRun[], then?: (at: number) => void): void {
    for (let at = from; at <= to; at += 60) {
      for (const run of runs) run.tick(this.at(at), 60);
      then?.(at + 10);
    }
  }
}

const begin = (day: Day, socket: Socket, at: number) => {
  day.call(socket, at, 'BootNotification', BOOT);
  day.call(socket, at + 1, 'StatusNotification', status('Available', 0));
  day.call(socket, at + 2, 'StatusNotification', status('Available'));
};

export const CLUSTERS: readonly Cluster[] = [
  {
    name: 'a day on one gateway',
    isWhole: true,
    tell(day) {
      const run = day.run(0);
      const socket = day.open(run, 1);
      begin(day, socket, 2);
      day.minutes(60, 540, [run], (at) => {
        day.call(socket, at, 'Heartbeat', {});
      });
      day.call(socket, 600, 'StatusNotification', status('Faulted'));
      day.minutes(660, 840, [run]);
      day.call(socket, 850, 'StatusNotification', status('Available'));
      day.call(
        socket,
        860,
        'StartTransaction',
        {
          connectorId: 1,
          idTag: 'TAG',
          meterStart: 0,
          timestamp: new Date(day.at(860) / 1000).toISOString(),
        },
        { transactionId: 7, idTagInfo: { status: 'Accepted' } },
      );
      day.minutes(900, 1140, [run]);
      day.call(socket, 1150, 'StopTransaction', {
        transactionId: 7,
        meterStop: 5000,
        timestamp: new Date(day.at(1150) / 1000).toISOString(),
      });
      day.close(socket, 1160);
      day.minutes(1200, 1380, [run]);
      begin(day, day.open(run, 1390), 1391);
      day.minutes(1440, LENGTH, [run]);
    },
  },
  {
    name: 'a station that moves between two gateways, of which one dies',
    isWhole: false,
    tell(day) {
      const [one, other] = [day.run(0), day.run(1)];
      const first = day.open(one, 2);
      begin(day, first, 3);
      day.minutes(60, 480, [one, other], (at) => {
        day.call(first, at, 'Heartbeat', {});
      });
      const second = day.open(other, 700);
      begin(day, second, 701);
      day.minutes(540, 900, [other]);
      day.close(second, 950);
      day.minutes(960, 1200, [other]);
      const again = day.run(1210, undefined, one);
      begin(day, day.open(again, 1220), 1221);
      day.minutes(1260, LENGTH, [other, again]);
    },
  },
  {
    name: 'frames beside the log',
    isWhole: false,
    tell(day) {
      const run = day.run(0, 'beside-relay');
      const socket = day.open(run, 1);
      begin(day, socket, 2);
      day.minutes(60, LENGTH, [run], (at) => {
        day.call(socket, at, 'Heartbeat', {});
      });
    },
  },
  {
    name: 'a recorder that says itself what it could not record',
    isWhole: false,
    tell(day) {
      const run = day.run(0);
      const socket = day.open(run, 1);
      begin(day, socket, 2);
      day.minutes(60, 600, [run]);
      run.note(day.at(610), socket, 'ocpp.gap.v1', {
        missing: 'frames',
        count: 1,
        reason: 'internal',
        direction: 'station-to-csms',
      });
      day.close(socket, 611);
      day.minutes(660, LENGTH, [run]);
    },
  },
  {
    name: 'a gateway whose clock is set forth and back',
    isWhole: false,
    tell(day) {
      const run = day.run(0);
      const socket = day.open(run, 1);
      begin(day, socket, 2);
      day.minutes(60, 480, [run]);
      run.stepClock(300 * SECOND);
      day.close(socket, 490);
      const ahead = day.open(run, 500);
      begin(day, ahead, 501);
      day.minutes(540, 900, [run]);
      run.stepClock(-600 * SECOND);
      day.close(ahead, 910);
      begin(day, day.open(run, 920), 921);
      day.minutes(960, LENGTH, [run]);
    },
  },
];

/** The day as it was, and as it is without some of its records: each one, each tail, and what one run or one type told. */
export function removals(cluster: Cluster): readonly Told[] {
  const tell = (taken: string, keep: (one: Appended, nth: number, all: readonly Appended[]) => boolean) => {
    const day = new Day(tellings++);
    cluster.tell(day);
    const appended = day.appended.filter(keep);
    const isMissed = cluster.isWhole && appended.length < day.appended.length;
    return {
      cluster: cluster.name,
      station: day.station,
      from: day.began,
      to: day.at(LENGTH),
      appended,
      taken,
      isMissed,
    };
  };
  const whole = tell('nothing', () => true);
  const ordinals = whole.appended.map((_, nth) => nth);
  const typeOf = ({ record }: Appended) => record.attributes.type;
  const tails = ordinals.filter((nth) => nth % 20 === 4);
  return [
    whole,
    ...ordinals
      .filter((nth) => nth % (cluster.isWhole ? 3 : 6) === 1)
      .map((one) => tell(`record ${one}, ${typeOf(whole.appended[one]!)}`, (_, nth) => nth !== one)),
    ...tails.map((from) => tell(`all from ${from} on`, (_, nth) => nth < from)),
    ...tails.map((from) =>
      tell(`frames from ${from} on`, (one, nth) => nth < from || typeOf(one) !== 'ocpp.frame.v1'),
    ),
    ...[1, 2, 3].map((every) => tell(`a third of all, ${every}`, (_, nth) => nth % 3 !== every - 1)),
    tell('all ticks', (one) => typeOf(one) !== 'recorder.tick.v1'),
    tell('all starts', (one) => typeOf(one) !== 'recorder.run-started.v1'),
    tell('all handshakes', (one) => typeOf(one) !== 'ocpp.handshake-accepted.v1'),
    tell('all closes', (one) => typeOf(one) !== 'ocpp.connection-closed.v1'),
    tell('one whole connection', ({ record }, _, all) => {
      const first = all.find((each) => each.record.attributes.connection !== undefined);
      return record.attributes.connection !== first?.record.attributes.connection;
    }),
  ];
}
