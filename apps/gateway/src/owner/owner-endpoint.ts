import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Log, LogFull, type Topic } from '@chargeproof/log';
import { newToken, writeOwnerFile } from '@chargeproof/process';
import { readBody } from './body.ts';
import { readRecords } from './records.ts';

export type OwnerEndpointOptions = {
  /** The data folder, which gets the file that says where to ask and with which token. */
  readonly folder: string;
  readonly log: Pick<Log, 'append'>;
};

export type OwnerEndpoint = {
  readonly address: string;
  /** Answers what it has begun to, and takes the file away. To be called before the log is closed. */
  stop(): Promise<void>;
};

type Answer = { readonly status: number; readonly body: object };

/** How long a request that is being sent may keep a stop waiting: its sender may have stopped in the middle. */
const STOP_GRACE_MILLISECONDS = 1000;

/**
 * The log's owner for this machine's other commands (DESIGN 7), on a port of its own on loopback. Whoever
 * shows the token of the owner file may append: it can read the folder, and so is the folder's owner.
 *
 *   GET  /healthz    200 where the token is ours
 *   POST /records    JSON Lines of our record format; 200 `{ "appended": n }` once all are durable,
 *                    400 where one is no record, 507 where the log is full. All of them or none.
 *   POST /decisions  the same of what was decided, and of nothing else: those are carried out
 */
export async function startOwnerEndpoint({ folder, log }: OwnerEndpointOptions): Promise<OwnerEndpoint> {
  const token = newToken();
  const server = createServer((request, response) => {
    answer(request, token, log).then(
      (given) => {
        send(response, given);
      },
      (error: unknown) => {
        send(response, failure(error));
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const remove = writeOwnerFile(folder, 'ingest.json', { address, token });
  return {
    address,
    stop: () =>
      new Promise((resolve) => {
        remove();
        const cut = setTimeout(() => {
          server.closeAllConnections();
        }, STOP_GRACE_MILLISECONDS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

const TOPICS: Readonly<Record<string, Topic>> = {
  'POST /records': 'ocpp.frames',
  'POST /decisions': 'platform.decisions',
};

async function answer(request: IncomingMessage, token: string, log: Pick<Log, 'append'>): Promise<Answer> {
  if (!isOurs(request, token))
    return { status: 401, body: { error: 'the token is not the one of this owner' } };
  const asked = `${request.method ?? ''} ${request.url ?? ''}`;
  if (asked === 'GET /healthz') return { status: 200, body: { status: 'ok' } };
  const topic = TOPICS[asked];
  if (topic === undefined) return { status: 404, body: { error: `there is no ${asked}` } };
  const body = await readBody(request);
  if (body === undefined) return { status: 413, body: { error: 'more than one request may hold' } };
  const records = readRecords(body, topic);
  if (typeof records === 'string') return { status: 400, body: { error: records } };
  if (records.length > 0) await log.append(topic, records);
  return { status: 200, body: { appended: records.length } };
}

function isOurs({ headers }: IncomingMessage, token: string): boolean {
  const shown = Buffer.from(headers.authorization ?? '');
  const ours = Buffer.from(`Bearer ${token}`);
  return shown.length === ours.length && timingSafeEqual(shown, ours);
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function failure(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  return { status: error instanceof LogFull ? 507 : 500, body: { error: message } };
}
