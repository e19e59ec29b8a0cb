import { createMemoryLog, type Log, type MemoryLog } from '@chargeproof/log';
import { readPayload, type LoggedRecord, type Payloads, type RecordType } from '@chargeproof/record';
import { createGateway, type Gateway, type GatewayOptions } from '../gateway.ts';
import type { Sealer } from '../sealer.ts';
import type { GatewaySettings } from '../settings.ts';
import { startUpstream, type UpstreamStub } from './wire.ts';

export const PASS_THROUGH: Sealer = { seal: (value) => ({ value }) };

export const SETTINGS: GatewaySettings = {
  host: '127.0.0.1',
  port: 0,
  open: false,
  upstream: undefined,
  routes: undefined,
  upstreamCa: undefined,
  upstreamCertificate: undefined,
  upstreamKey: undefined,
  credentials: undefined,
  tlsCertificate: undefined,
  tlsKey: undefined,
  tlsClientCa: undefined,
  securityProfile: undefined,
  handshakeSeconds: 10,
  secondSocket: 'newest',
  framesPerSecond: 0,
  handshakesPerMinute: 0,
  addressHandshakesPerMinute: 0,
  trustedProxies: [],
  compression: false,
  record: 'before-relay',
  tenants: [],
  maxFrameBytes: 4 * 1024 * 1024,
  socketLimitBytes: 16 * 1024 * 1024,
  maxBufferedBytes: 8 * 1024 * 1024,
  tickSeconds: 60,
  ntp: undefined,
  drainSeconds: 0,
  pingSeconds: 0,
  pingsUnanswered: 2,
  upstreamTimeoutSeconds: 5,
  upstreamHoldSeconds: 0,
  allowBrowserOrigins: [],
};

/** A gateway on a memory log between stations and a stub of a CSMS. */
export class RecorderUnderTest implements AsyncDisposable {
  readonly gateway: Gateway;
  readonly upstream: UpstreamStub;
  readonly log: MemoryLog;
  readonly bugs: unknown[];

  private constructor(gateway: Gateway, upstream: UpstreamStub, log: MemoryLog, bugs: unknown[]) {
    this.gateway = gateway;
    this.upstream = upstream;
    this.log = log;
    this.bugs = bugs;
  }

  static async start(
    settings: Partial<GatewaySettings> = {},
    options: Partial<Omit<GatewayOptions, 'log'>> & {
      readonly log?: MemoryLog;
      readonly wrap?: (log: MemoryLog) => Log;
      readonly upstream?: UpstreamStub;
    } = {},
  ): Promise<RecorderUnderTest> {
    const {
      log = createMemoryLog(),
      wrap = (bare: MemoryLog): Log => bare,
      upstream = await startUpstream(),
      ...rest
    } = options;
    const bugs: unknown[] = [];
    let transactionId = 0;
    const gateway = await createGateway({
      settings: { ...SETTINGS, upstream: upstream.url, ...settings },
      sealer: PASS_THROUGH,
      transactionIds: { take: () => ++transactionId },
      onBug: (bug) => bugs.push(bug),
      ...rest,
      log: wrap(log),
    });
    return new RecorderUnderTest(gateway, upstream, log, bugs);
  }

  url(path: string): string {
    return `ws://127.0.0.1:${this.gateway.address.port}${path}`;
  }

  records(): Promise<readonly LoggedRecord[]> {
    return this.log.read({
      topic: 'ocpp.frames',
      from: new Map(),
      maxRecords: Number.MAX_SAFE_INTEGER,
      maxBytes: Number.MAX_SAFE_INTEGER,
    });
  }

  /** All payloads of one type, in log order. */
  async payloads<Type extends keyof Payloads>(type: Type): Promise<Payloads[Type][]> {
    return (await this.ofType(type)).map(({ value }) => readPayload(type, value));
  }

  async ofType(type: RecordType): Promise<LoggedRecord[]> {
    return (await this.records()).filter(({ attributes }) => attributes.type === type);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.stop();
    await this.upstream.close();
    if (this.bugs.length > 0) throw new AggregateError(this.bugs, 'the gateway met bugs of its own');
  }
}
