import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { Log } from '@chargeproof/log';
import { operations } from '@chargeproof/operations';
import { type RunId, StaysSealed } from '@chargeproof/record';
import { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface.js';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { CentralSystem, type TransactionIds } from './central-system/central-system.ts';
import type { FilePolicies } from './central-system/file-policies.ts';
import { KnownPolicy } from './central-system/known-policy.ts';
import { policiesOf } from './central-system/policies.ts';
import { systemClock, type Clock } from './clock.ts';
import { Commands } from './commands/commands.ts';
import { Connections } from './connection/connections.ts';
import { orderWarning } from './connection/record-order.ts';
import { checkExposure } from './exposure.ts';
import { AppendWatch } from './operations/append-watch.ts';
import { Counts } from './operations/counts.ts';
import type { SpoolView } from './operations/spool-view.ts';
import { gatewayOperations } from './operations/gateway-operations.ts';
import { beginRun, type Run } from './run/run.ts';
import { historyInLog, type RunHistory } from './run/run-history.ts';
import { RoomWatch } from './run/room-watch.ts';
import { RunRecords } from './run/run-records.ts';
import type { Sealer, Unsealer } from './sealer.ts';
import { openDoor } from './server/open-door.ts';
import { answerGarbage } from './server/garbage.ts';
import { GatewayModule } from './server/gateway.module.ts';
import { OcppAdapter } from './server/ocpp-adapter.ts';
import { readRoutes } from './handshake/routes.ts';
import { Doorkeeper } from './handshake/doorkeeper.ts';
import { leastProfile } from './handshake/security-profile.ts';
import { StationCredentials } from './handshake/station-credentials.ts';
import { UnnamedRefusals } from './handshake/unnamed-refusals.ts';
import { Lifecycle } from './server/lifecycle.ts';
import type { GatewaySettings } from './settings.ts';
import { clockWatchOf } from './time-server/clock-watch.ts';
import { listenerContext } from './tls/listener-context.ts';

export type GatewayOptions = {
  readonly settings: GatewaySettings;
  /** The caller's: it stays open when the gateway stops. */
  readonly log: Log;
  /** Whether other gateways append to it, too; absent: no. */
  readonly sharesLog?: boolean;
  /** What stands before the log, where it may be away. */
  readonly spool?: SpoolView;
  readonly sealer: Sealer;
  /** Opens what commands hold sealed; absent: those that hold any are not carried out. */
  readonly unseal?: Unsealer;
  /** For the stations that no upstream answers. */
  readonly transactionIds: TransactionIds;
  /** Who may boot and charge there by the operator's files; absent: everybody. */
  readonly policies?: FilePolicies;
  /** The file in which what was decided of it is kept from run to run; absent: it is read from the log's beginning. */
  readonly policyFile?: string;
  /** Whether they are asked for their configuration when they have booted; absent: no. */
  readonly readConfiguration?: boolean;
  readonly clock?: Clock;
  readonly run?: Run;
  /** Where the previous run is known from; absent: the log. */
  readonly runs?: RunHistory;
  readonly software?: string;
  /** What others than this machine's own show to look at its state and its figures. */
  readonly token?: string | undefined;
  /** A mistake of ours that one connection pays for; the others go on. */
  readonly onBug?: (error: unknown) => void;
  /** What went wrong while it runs, for the person who looks after it. */
  readonly onTrouble?: (error: Error) => void;
};

export type Gateway = {
  readonly run: RunId;
  /** What the person who started it should know. */
  readonly warnings: readonly string[];
  readonly address: { readonly scheme: 'ws' | 'wss'; readonly host: string; readonly port: number };
  /** Resolves with the error when the log can take no more records. The caller then stops the process. */
  readonly failed: Promise<Error>;
  /** Writes a tick to every partition now, besides the regular ones. */
  tick(): Promise<void>;
  /** As {@link stop}, but first lets stations go one after the other, within `drainSeconds`; `stop` ends the waiting. */
  drain(reason?: string): Promise<void>;
  /** Refuses new stations, closes all sockets with 1001 and writes the run's last records. Safe to call twice. */
  stop(reason?: string): Promise<void>;
};

/**
 * Starts the recorder, in front of upstreams or alone: the run is in the log before the port is open.
 * @throws UnusableSetting naming the setting; LogFull, LogFailed; the error of a port that cannot be had
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { settings, log, transactionIds, onTrouble = () => undefined } = options;
  const warnings = [checkExposure(settings), orderWarning(settings.record)].filter(
    (told) => told !== undefined,
  );
  const routes = readRoutes(settings, onTrouble);
  const tls = listenerContext(settings, onTrouble);
  const profile = leastProfile(settings);
  const credentials =
    settings.credentials === undefined
      ? undefined
      : await StationCredentials.open(settings.credentials, onTrouble);
  const clock = options.clock ?? systemClock();
  const run = options.run ?? beginRun(clock);
  const { promise: failed, resolve: onFailure } = Promise.withResolvers<Error>();
  const decided = new KnownPolicy({
    file: options.policyFile,
    commandsFrom: () => commands.neededFrom(),
    onTrouble,
  });
  const { sealer, unseal = staysSealed, policies: files } = options;
  const policies = policiesOf({ files, decided, sealer, unseal });
  const centralSystem = new CentralSystem(clock, transactionIds, policies);
  const commands: Commands = new Commands({
    log,
    run,
    clock,
    routes,
    unseal,
    centralSystem,
    readConfiguration: options.readConfiguration ?? false,
    maxFrameBytes: settings.maxFrameBytes,
    sharesLog: options.sharesLog,
    beginAt: () => decided.beginAt(log),
    onRecord: (record) => {
      decided.take(record);
    },
    onTrouble,
  });
  const clockWatch = clockWatchOf(settings.ntp, clock, onTrouble);
  const counts = new Counts();
  const appends = new AppendWatch(log, counts.append);
  const nestOptions = Object.assign(new NestApplicationContextOptions(), {
    logger: false as const,
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  const app = await NestFactory.create<NestExpressApplication>(
    GatewayModule.of({
      software: 'chargeproof',
      onBug: () => undefined,
      runs: historyInLog(log),
      ...options,
      clock,
      clockWatch,
      run,
      routes,
      doorkeeper: new Doorkeeper(profile, credentials),
      counts,
      appends,
      centralSystem,
      commands,
      onFailure,
    }),
    nestOptions,
  );
  const server = app.getHttpServer();
  app.useWebSocketAdapter(new OcppAdapter(server));
  const atEnd = () => {
    room?.stop();
    clockWatch?.stop();
  };
  let stopped: Promise<void> | undefined;
  let drained: Promise<void> | undefined;
  const stop = (reason = 'stopped') => {
    const lifecycle = app.get(Lifecycle);
    lifecycle.hurry();
    if (drained === undefined) lifecycle.reason = reason;
    return (stopped ??= (drained ?? Promise.resolve())
      .then(() => app.close())
      .then(() => decided.close())
      .finally(atEnd));
  };
  const drain = (reason = 'stopped') => {
    const lifecycle = app.get(Lifecycle);
    lifecycle.reason = reason;
    drained ??= lifecycle.drain();
    return drained.then(() => stop(reason));
  };
  const connections = app.get(Connections);
  const isStopping = () => stopped !== undefined || drained !== undefined;
  const room = options.spool && new RoomWatch(options.spool, connections);
  app.use(
    operations(gatewayOperations({ ...options, clockWatch, counts, appends, connections, isStopping })),
  );
  void clockWatch?.start();
  await app.init();
  // Or a tag that is blocked would charge until it was read.
  decided.tell(await commands.hasRead);
  const unnamed = app.get(UnnamedRefusals);
  answerGarbage({ server, unnamed, counts, patienceMilliseconds: settings.handshakeSeconds * 1000 });
  const door = tls && openDoor({ server, settings, context: () => tls.value, profile, unnamed, counts });
  app.get(Lifecycle).stopListening = () => {
    server.close();
    door?.close();
  };
  const { host, port } = settings;
  try {
    await app.listen(port, host);
  } catch (error) {
    await stop('cannot-listen');
    throw error;
  }
  return {
    run: run.id,
    warnings,
    address: { scheme: profile < 2 ? 'ws' : 'wss', host, port: (server.address() as AddressInfo).port },
    failed,
    tick: () => app.get(RunRecords).tick(),
    drain,
    stop,
  };
}

function staysSealed(): never {
  throw new StaysSealed('this gateway has no keys');
}
