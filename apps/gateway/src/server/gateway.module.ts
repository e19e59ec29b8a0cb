import { Module, type DynamicModule } from '@nestjs/common';
import type { Log } from '@chargeproof/log';
import type { CentralSystem } from '../central-system/central-system.ts';
import type { Clock } from '../clock.ts';
import type { Commands } from '../commands/commands.ts';
import { CANNOT_RECORD, CLOSE } from '../connection/close-codes.ts';
import { Connections } from '../connection/connections.ts';
import { toldOrder } from '../connection/record-order.ts';
import type { Doorkeeper } from '../handshake/doorkeeper.ts';
import { Handshakes } from '../handshake/handshakes.ts';
import type { Routes } from '../handshake/routes.ts';
import { NamedRefusals } from '../handshake/named-refusals.ts';
import { UnnamedRefusals } from '../handshake/unnamed-refusals.ts';
import type { AppendWatch } from '../operations/append-watch.ts';
import type { Counts } from '../operations/counts.ts';
import type { SpoolView } from '../operations/spool-view.ts';
import { Recorder } from '../run/recorder.ts';
import { RunRecords } from '../run/run-records.ts';
import type { Run } from '../run/run.ts';
import type { RunHistory } from '../run/run-history.ts';
import type { Sealer } from '../sealer.ts';
import type { GatewaySettings } from '../settings.ts';
import type { ClockWatch } from '../time-server/clock-watch.ts';
import { HttpController } from './http.controller.ts';
import { Lifecycle } from './lifecycle.ts';
import { OcppGateway } from './ocpp.gateway.ts';
import { PARTS, RUN } from './tokens.ts';

/** What comes from outside. */
export type GatewayParts = {
  readonly settings: GatewaySettings;
  readonly log: Log;
  readonly spool?: SpoolView;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Absent: nobody tells how far it is off. */
  readonly clockWatch: Pick<ClockWatch, 'told'> | undefined;
  readonly run: Run;
  readonly runs: RunHistory;
  readonly routes: Routes;
  readonly doorkeeper: Doorkeeper;
  readonly centralSystem: CentralSystem;
  readonly commands: Commands;
  readonly counts: Counts;
  /** The way to the log. */
  readonly appends: AppendWatch;
  readonly software: string;
  readonly onFailure: (error: Error) => void;
  readonly onBug: (error: unknown) => void;
};

/** How long sockets may take to say goodbye when the process stops. */
const STOP_GRACE_MILLISECONDS = 3000;

@Module({})
export class GatewayModule {
  static of(parts: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [HttpController],
      providers: [
        { provide: PARTS, useValue: parts },
        { provide: RUN, useValue: parts.run },
        { provide: Connections, useFactory: () => new Connections(parts.run, parts.clock) },
        {
          provide: Recorder,
          inject: [Connections],
          useFactory: (connections: Connections) =>
            new Recorder({
              ...parts,
              log: parts.appends,
              onFailure: (error) => {
                connections.endAll(CLOSE.tryAgainLater, CANNOT_RECORD);
                parts.onFailure(error);
              },
            }),
        },
        {
          provide: UnnamedRefusals,
          inject: [Connections, Recorder],
          useFactory: (connections: Connections, recorder: Recorder) =>
            new UnnamedRefusals(connections, recorder, parts.sealer),
        },
        {
          provide: NamedRefusals,
          inject: [Connections, Recorder, UnnamedRefusals],
          useFactory: (connections: Connections, recorder: Recorder, unnamed: UnnamedRefusals) =>
            new NamedRefusals(connections, recorder, parts.sealer, unnamed),
        },
        {
          provide: Handshakes,
          inject: [Recorder, Connections, UnnamedRefusals, NamedRefusals],
          useFactory: (
            recorder: Recorder,
            connections: Connections,
            unnamed: UnnamedRefusals,
            named: NamedRefusals,
          ) => new Handshakes({ ...parts, recorder, connections, unnamed, named }),
        },
        {
          provide: RunRecords,
          inject: [Recorder, Connections, NamedRefusals],
          useFactory: (recorder: Recorder, connections: Connections, named: NamedRefusals) =>
            new RunRecords({
              ...parts,
              recorder,
              tickSeconds: parts.settings.tickSeconds,
              tellClock: () => parts.clockWatch?.told() ?? {},
              order: toldOrder(parts.settings.record),
              beforeTick: () => {
                named.flush();
                connections.tellLimited();
              },
              takeIdle: () => connections.takeIdle(),
            }),
        },
        {
          provide: Lifecycle,
          inject: [Recorder, RunRecords, Connections, Handshakes, NamedRefusals],
          useFactory: (
            recorder: Recorder,
            runRecords: RunRecords,
            connections: Connections,
            handshakes: Handshakes,
            named: NamedRefusals,
          ) =>
            new Lifecycle({
              run: parts.run,
              runs: parts.runs,
              recorder,
              runRecords,
              connections,
              handshakes,
              refusals: named,
              commands: parts.commands,
              pingSeconds: parts.settings.pingSeconds,
              drainSeconds: parts.settings.drainSeconds,
              graceMilliseconds: STOP_GRACE_MILLISECONDS,
            }),
        },
        OcppGateway,
      ],
    };
  }
}
