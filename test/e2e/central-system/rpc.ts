import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { createValidator, RPCClient, RPCServer } from 'ocpp-rpc';

type Members = Readonly<Record<string, unknown>>;
type ClientOptions = ConstructorParameters<typeof RPCClient>[0];

/**
 * Somebody else's charger: ocpp-rpc in strict mode. It sends nothing, and takes no answer, that its schemas
 * do not allow.
 */
export async function strictStation(
  endpoint: string,
  identity: string,
  options: Partial<ClientOptions> = {},
): Promise<RPCClient> {
  const station = new RPCClient({
    endpoint,
    identity,
    protocols: ['ocpp1.6'],
    strictMode: true,
    reconnect: false,
    callTimeoutMs: 20_000,
    ...options,
  } as ClientOptions);
  station.on('strictValidationFailure', (failure: { error: Error }) => {
    throw failure.error;
  });
  await station.connect();
  return station;
}

/** What a station asked for when it connected. */
export type Knock = {
  readonly path: string;
  readonly subprotocols: readonly string[];
  readonly password: string | undefined;
};

/** Somebody else's CSMS: ocpp-rpc in strict mode. */
export type StrictCsms = {
  readonly url: string;
  readonly knocks: readonly Knock[];
  /** What each station asked, in order: its identity, the action, the payload. */
  readonly asked: readonly (readonly [string, string, Members])[];
  readonly sessions: ReadonlyMap<string, RPCClient>;
  readonly failures: unknown[];
  close(): Promise<void>;
};

/** @param known the passwords that it takes of stations, where it asks for one; others get 401 */
export async function strictCsms(
  answers: Readonly<Record<string, Members>>,
  known: readonly string[] = [],
): Promise<StrictCsms> {
  const server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: true });
  const asked: [string, string, Members][] = [];
  const sessions = new Map<string, RPCClient>();
  const failures: unknown[] = [];
  const knocks: Knock[] = [];
  server.auth((accept, reject, { request, protocols, password: bytes }) => {
    const password = bytes?.toString();
    knocks.push({ path: request.url ?? '', subprotocols: [...protocols], password });
    if (known.length === 0 || known.includes(password ?? '')) accept();
    else reject(401, 'Unauthorized');
  });
  server.on('client', (client: RPCClient) => {
    const identity = client.identity ?? '';
    sessions.set(identity, client);
    client.on('strictValidationFailure', (failure) => failures.push(failure));
    client.on('badMessage', (message) => failures.push(message));
    for (const [action, answer] of Object.entries(answers)) {
      client.handle(action, ({ params }) => {
        asked.push([identity, action, params ?? {}]);
        return Promise.resolve(answer);
      });
    }
  });
  const http = await server.listen(0, '127.0.0.1');
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    asked,
    knocks,
    sessions,
    failures,
    close: () => server.close({ force: true }),
  };
}

const FILES = { 'ocpp1.6': 'ocpp1_6.json', 'ocpp2.0.1': 'ocpp2_0_1.json' } as const;

/** ocpp-rpc's schemas of OCPP 1.6 with the security extension, or of 2.0.1. @throws what is wrong with a payload */
export function schemas(protocol: keyof typeof FILES = 'ocpp1.6'): {
  validate: (id: string, payload: unknown) => void;
} {
  const json = createRequire(import.meta.url)(`ocpp-rpc/lib/schemas/${FILES[protocol]}`) as object[];
  const validator = createValidator(protocol, json);
  return {
    validate: (id, payload) => {
      void validator.validate(id, payload);
    },
  };
}
