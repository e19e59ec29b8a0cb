import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { CentralSystemDevice } from './device/profile.ts';
import type { Ledger } from './ledger.ts';
import { messageIds } from './message-ids.ts';
import { type Answer, type Payload, Peer } from './peer.ts';
import { type Random, seeded } from './random.ts';

export type CentralSystemOptions = {
  readonly ledger: Ledger;
  /** Wall clock in milliseconds. */
  readonly now: () => number;
  /** Seconds given to stations as heartbeat interval. */
  readonly heartbeatSeconds: number;
  readonly port?: number;
  readonly profile?: CentralSystemDevice;
  readonly random?: Random;
  readonly pause?: (milliseconds: number) => Promise<void>;
};

export type CentralSystem = {
  /** Base URL; a station's identity is appended. */
  readonly url: string;
  /** Sends a CALL to a connected station. @throws Error where it is not connected, CallFailed */
  call(station: string, action: string, payload: Payload): Promise<Payload>;
  /** Answers a station's next so many CALLs of the action with an error of its own. */
  refuse(station: string, action: string, times: number): void;
  close(): Promise<void>;
};

const PLAIN: Pick<CentralSystemDevice, 'habits' | 'timing'> = {
  habits: { timestamps: 'milliseconds', messageIds: 'uuid' },
  timing: { response: { from: 0, to: 0 } },
};

/** What one station's transaction ids are apart from another's. */
const IDS_OF_A_STATION = 100_000;

/** A CSMS that accepts every station and answers all that an OCPP 1.6 station sends. */
export async function startCentralSystem(options: CentralSystemOptions): Promise<CentralSystem> {
  const { profile = PLAIN, random = seeded('csms'), pause } = options;
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    handleProtocols: (offered) => (offered.has('ocpp1.6') ? 'ocpp1.6' : false),
  });
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const peers = new Map<string, Peer>();
  const desks = new Map<string, Desk>();
  server.on('connection', (socket, request) => {
    const station = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
    const desk = deskOf(station);
    peers.set(
      station,
      new Peer({
        socket,
        handler: (action, payload) => desk.inTurn(() => answerTo(options, desk, action, payload)),
        nextMessageId: desk.nextMessageId,
        onFrame: (event, text) => {
          options.ledger.note(station, 'csms', event, text);
        },
      }),
    );
  });
  function deskOf(station: string): Desk {
    const desk = desks.get(station) ?? openDesk(station);
    desks.set(station, desk);
    return desk;
  }
  /** Of each station its own chance, so that no other's pace changes what it is told. */
  function openDesk(station: string): Desk {
    const own = random.fork(station);
    const { from, to } = profile.timing.response;
    const delay = () => (pause === undefined || to === 0 ? undefined : pause(own.between(from, to)));
    let transactionId = own.between(1, 20_000) * IDS_OF_A_STATION;
    let turn: Promise<unknown> = Promise.resolve();
    return {
      nextMessageId: messageIds(profile.habits.messageIds, own.fork('ids')),
      nextTransactionId: () => ++transactionId,
      refusals: new Map(),
      inTurn: (answer) => {
        const answered = turn.then(delay).then(answer);
        turn = answered;
        return answered;
      },
    };
  }
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/csms`,
    call: (station, action, payload) => {
      const peer = peers.get(station);
      return peer
        ? peer.call(action, payload)
        : Promise.reject(new Error(`${station} is not connected to the CSMS`));
    },
    refuse: (station, action, times) => {
      deskOf(station).refusals.set(action, times);
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** What the central system keeps for one station. */
type Desk = {
  readonly nextMessageId: () => string;
  readonly nextTransactionId: () => number;
  /** How many CALLs of an action are still answered with an error. */
  readonly refusals: Map<string, number>;
  /** Answers one station's CALLs in the order they came in, each after a while. */
  readonly inTurn: (answer: () => Answer) => Promise<Answer>;
};
type Answering = CentralSystemOptions & Desk;

/** The longest idToken there is (OCPP 1.6, 7.28). */
const LONGEST_TAG = 20;
const currentTime = ({ now }: Answering) => new Date(now()).toISOString();
const idTagInfo = ({ idTag }: Payload) => ({
  idTagInfo: { status: typeof idTag === 'string' && idTag.length > LONGEST_TAG ? 'Invalid' : 'Accepted' },
});
const nothing = () => ({});

/** What it answers, action by action (OCPP 1.6, 4). */
const ANSWERS: Readonly<Record<string, (answering: Answering, payload: Payload) => Payload>> = {
  BootNotification: (answering) => ({
    status: 'Accepted',
    currentTime: currentTime(answering),
    interval: answering.heartbeatSeconds,
  }),
  Heartbeat: (answering) => ({ currentTime: currentTime(answering) }),
  Authorize: (_, payload) => idTagInfo(payload),
  StartTransaction: ({ nextTransactionId }, payload) => ({
    transactionId: nextTransactionId(),
    ...idTagInfo(payload),
  }),
  StopTransaction: (_, payload) => idTagInfo(payload),
  MeterValues: nothing,
  StatusNotification: nothing,
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
  DiagnosticsStatusNotification: nothing,
  FirmwareStatusNotification: nothing,
};

function answerTo(options: CentralSystemOptions, desk: Desk, action: string, payload: Payload): Answer {
  const refusals = desk.refusals.get(action) ?? 0;
  desk.refusals.set(action, refusals - 1);
  if (refusals > 0) return { error: 'InternalError', description: 'out of order for a while' };
  const answer = Object.hasOwn(ANSWERS, action) ? ANSWERS[action] : undefined;
  return answer
    ? { payload: answer({ ...options, ...desk }, payload) }
    : { error: 'NotImplemented', description: `${action} is not known here` };
}
