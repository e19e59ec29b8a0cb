import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Ledger } from './ledger.ts';
import { type Answer, type Payload, Peer } from './peer.ts';

export type CentralSystemOptions = {
  readonly ledger: Ledger;
  /** Wall clock in milliseconds. */
  readonly now: () => number;
  /** Seconds given to stations as heartbeat interval. */
  readonly heartbeatSeconds: number;
  readonly port?: number;
};

export type CentralSystem = {
  /** Base URL; a station's identity is appended. */
  readonly url: string;
  /** Sends a CALL to a connected station. @throws Error where it is not connected */
  call(station: string, action: string, payload: Payload): Promise<Payload>;
  close(): Promise<void>;
};

/** A CSMS that accepts every station and answers all that an OCPP 1.6 station sends. */
export async function startCentralSystem(options: CentralSystemOptions): Promise<CentralSystem> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    handleProtocols: (offered) => (offered.has('ocpp1.6') ? 'ocpp1.6' : false),
  });
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const peers = new Map<string, Peer>();
  const answer = centralAnswers(options);
  server.on('connection', (socket, request) => {
    const station = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
    let messageId = 0;
    peers.set(
      station,
      new Peer({
        socket,
        handler: answer,
        nextMessageId: () => `csms-${++messageId}`,
        onFrame: (event, text) => {
          options.ledger.note(station, 'csms', event, text);
        },
      }),
    );
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/csms`,
    call: (station, action, payload) => {
      const peer = peers.get(station);
      return peer
        ? peer.call(action, payload)
        : Promise.reject(new Error(`${station} is not connected to the CSMS`));
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

/** What the central system answers, action by action (OCPP 1.6, 6). */
function centralAnswers({ now, heartbeatSeconds }: CentralSystemOptions): (action: string) => Answer {
  let transactionId = 0;
  const currentTime = () => new Date(now()).toISOString();
  const accepted = { idTagInfo: { status: 'Accepted' } };
  const answers: Readonly<Record<string, () => Payload>> = {
    BootNotification: () => ({ status: 'Accepted', currentTime: currentTime(), interval: heartbeatSeconds }),
    Heartbeat: () => ({ currentTime: currentTime() }),
    Authorize: () => accepted,
    StartTransaction: () => ({ transactionId: ++transactionId, ...accepted }),
    StopTransaction: () => accepted,
    MeterValues: () => ({}),
    StatusNotification: () => ({}),
    DataTransfer: () => ({ status: 'UnknownVendorId' }),
    DiagnosticsStatusNotification: () => ({}),
    FirmwareStatusNotification: () => ({}),
  };
  return (action) => {
    const found = answers[action];
    return found
      ? { payload: found() }
      : { error: 'NotImplemented', description: `${action} is not known here` };
  };
}
