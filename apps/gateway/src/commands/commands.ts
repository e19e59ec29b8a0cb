import {
  type Ask,
  callFrame,
  CommandBoard,
  type Moment,
  type Reach,
  type Said,
  type Standing,
  type Step,
} from '@chargeproof/central-system';
import type { AppendRequest, Log } from '@chargeproof/log';
import {
  type CommandRequested,
  type LoggedRecord,
  parseKey,
  readPayload,
  type RecordId,
  type RunId,
} from '@chargeproof/record';
import type { AnsweringEnd } from '../central-system/answering-end.ts';
import type { StationAnswer, StationsWatch } from '../central-system/answered-stations.ts';
import type { CentralSystem } from '../central-system/central-system.ts';
import type { Clock } from '../clock.ts';
import type { Routes } from '../handshake/routes.ts';
import type { Run } from '../run/run.ts';
import type { Unsealer } from '../sealer.ts';
import { configurationRequest } from './configuration-request.ts';
import { DecisionFeed } from './decision-feed.ts';
import { requestOf } from './step-record.ts';

export type CommandsParts = {
  readonly log: Log;
  readonly run: Run;
  readonly clock: Clock;
  readonly unseal: Unsealer;
  readonly routes: Pick<Routes, 'upstreamOf'>;
  readonly centralSystem: Pick<CentralSystem, 'stations' | 'withheldFrom' | 'localListOf'>;
  /** Whether a station is asked for its configuration after each boot that is accepted. */
  readonly readConfiguration: boolean;
  readonly maxFrameBytes: number;
  /** Where others append to this log, a socket is asked whether it is there before a command is claimed for it. */
  readonly sharesLog: boolean | undefined;
  /** @returns the offset of `platform.decisions` to begin at. @throws LogFailed, and is asked again */
  readonly beginAt: () => Promise<number>;
  /** Every record from there on, in log order. */
  readonly onRecord: (record: LoggedRecord) => void;
  readonly onTrouble: (error: Error) => void;
};

type Payload = CommandRequested['payload'];
const STAYS_SEALED = 'sealed-with-another-key';

/** After a step that the log did not take. */
const AGAIN_MILLISECONDS = 1000;
/** The longest that Node's timers take, and long enough. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/**
 * Carries out the commands of `platform.decisions` at the stations that are connected here and answered here
 * (decision 14). What is to be done says the board, which is pure; here are the log, the sockets and the clock.
 */
export class Commands implements StationsWatch {
  readonly #parts: CommandsParts;
  #board: CommandBoard | undefined;
  #feed: DecisionFeed | undefined;
  #isCaughtUp = false;
  #isStopping = false;
  #timer: NodeJS.Timeout | undefined;
  /** The log's trouble is told once, until it is over. */
  #isTroubled = false;
  readonly #underWay = new Set<Promise<void>>();
  readonly #hasRead = Promise.withResolvers<Error | undefined>();

  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  /** Begins to read; does not wait. @param previousRun of this folder: what it had claimed is told as unknown */
  start(previousRun: RunId | undefined): void {
    const { log, run, centralSystem, sharesLog = false } = this.#parts;
    centralSystem.stations.watch = this;
    this.#feed = new DecisionFeed({
      log,
      onBegin: (began) => {
        this.#board = new CommandBoard({ run: run.id, previousRun, began, asksFirst: sharesLog });
        return this.#parts.beginAt();
      },
      onRecord: (record) => {
        this.#parts.onRecord(record);
        const claimed = this.#board?.take(record);
        if (claimed !== undefined) this.#send(claimed.standing, claimed.record);
      },
      onCaughtUp: () => {
        this.#isCaughtUp = true;
        this.#isTroubled = false;
        this.#hasRead.resolve(undefined);
        this.#work();
      },
      onTrouble: (error) => {
        this.#hasRead.resolve(error);
        this.#troubled(error);
      },
    });
  }

  /** Resolves when all that was decided before was read, or with why the log cannot be read now. */
  get hasRead(): Promise<Error | undefined> {
    return this.#hasRead.promise;
  }

  /** The offset from which a gateway that begins later reads what is to be known of commands. */
  neededFrom(): number | undefined {
    return this.#board?.neededFrom(this.#parts.clock.wall());
  }

  /** Claims nothing more. What is asked for meanwhile is another gateway's, or expires. */
  drain(): void {
    this.#isStopping = true;
  }

  /** To be called when all connections have ended: what became of their commands is in the log when it resolves. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#work();
    clearTimeout(this.#timer);
    await Promise.all(this.#underWay);
    clearTimeout(this.#timer);
    await this.#feed?.close();
  }

  arrived(): void {
    this.#work();
  }

  answered(key: string, { connection }: AnsweringEnd, { messageId, isError, record }: StationAnswer): void {
    this.#board?.answered(key, connection, messageId, isError, record);
    this.#work();
  }

  /** OCPP 2.0.1 has no one question for it. */
  accepted(key: string, { protocol }: AnsweringEnd, boot: RecordId): void {
    const { run, clock, readConfiguration } = this.#parts;
    const subject = parseKey(key);
    if (!readConfiguration || this.#isStopping || protocol !== 'ocpp1.6' || subject === undefined) return;
    this.#decide(configurationRequest(subject, boot, run.id, clock.wall()), (error) => {
      this.#troubled(error);
    });
  }

  left(key: string, { connection }: AnsweringEnd): void {
    this.#board?.closed(key, connection);
    this.#work();
  }

  /** The claim was read back and holds: it is written now, or never. */
  #send(standing: Standing, record: Said): void {
    const sent = this.#call(standing, record);
    if ('reason' in sent) this.#board?.withheld(standing, sent.reason);
    else this.#board?.called(standing, sent.call, this.#now());
  }

  #call({ key, sent, requested }: Standing, record: Said): { call: RecordId } | { reason: string } {
    const { centralSystem, maxFrameBytes, clock } = this.#parts;
    const end = centralSystem.stations.newestOf(key);
    if (sent === undefined || end?.connection !== sent.connection) return { reason: 'connection-closed' };
    if (clock.wall() >= requested.expires) return { reason: 'expired' };
    const reason = withheld(end, requested) ?? centralSystem.withheldFrom(key, requested.action);
    if (reason !== undefined) return { reason };
    const payload = this.#payloadOf(record, requested);
    if (typeof payload === 'string') return { reason: payload };
    const frame = Buffer.from(callFrame(sent, requested.action, payload));
    if (frame.length > maxFrameBytes) return { reason: 'frame-too-long' };
    const call = end.call(frame);
    return call === undefined ? { reason: 'connection-closed' } : { call };
  }

  /** @returns why there is none, in one word */
  #payloadOf(
    { value, attributes: { tenant, sealed } }: Said,
    { fromPolicy }: CommandRequested,
  ): Payload | string {
    const { unseal, centralSystem, onTrouble } = this.#parts;
    try {
      const opened = sealed === undefined ? value : unseal(value, sealed);
      const { payload } = readPayload('platform.command-requested.v1', opened);
      if (fromPolicy === undefined) return payload;
      const localAuthorizationList = centralSystem.localListOf(tenant);
      if (localAuthorizationList === undefined) return STAYS_SEALED;
      return localAuthorizationList.length > (fromPolicy.most ?? Number.POSITIVE_INFINITY)
        ? 'local-list-too-long'
        : { ...payload, localAuthorizationList };
    } catch (error) {
      onTrouble(error instanceof Error ? error : new Error(String(error)));
      return STAYS_SEALED;
    }
  }

  #work(): void {
    const board = this.#board;
    if (board === undefined || !this.#isCaughtUp) return;
    const now = this.#now();
    for (const step of board.due(now, (key) => this.#reachOf(key))) {
      if (step.kind === 'ask') this.#ask(step);
      else this.#append(step);
    }
    clearTimeout(this.#timer);
    const microseconds = board.untilDue(now);
    if (microseconds !== undefined) this.#workAgain(microseconds / 1000);
  }

  #workAgain(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#work();
      },
      Math.min(Math.ceil(milliseconds), LONGEST_MILLISECONDS),
    ).unref();
  }

  #ask({ key, connection }: Ask): void {
    this.#parts.centralSystem.stations.newestOf(key)?.ask(() => {
      this.#board?.heard(key, connection);
      this.#work();
    });
  }

  #append(step: Step): void {
    const { run, clock } = this.#parts;
    this.#decide(requestOf(step, run.id, clock.wall()), (error) => {
      this.#board?.failed(step);
      this.#workAgain(AGAIN_MILLISECONDS);
      this.#troubled(error);
    });
  }

  #decide(request: AppendRequest, onFailure: (error: unknown) => void): void {
    const appended = this.#parts.log
      .append('platform.decisions', [request])
      .then(() => undefined)
      .catch(onFailure)
      .finally(() => {
        this.#underWay.delete(appended);
      });
    this.#underWay.add(appended);
  }

  #troubled(error: unknown): void {
    if (this.#isTroubled) return;
    this.#isTroubled = true;
    const message = error instanceof Error ? error.message : String(error);
    this.#parts.onTrouble(new Error(`commands wait for the log: ${message}`, { cause: error }));
  }

  #reachOf(key: string): Reach {
    const subject = parseKey(key);
    if (subject !== undefined && this.#parts.routes.upstreamOf(subject) !== undefined) return 'relayed';
    const end = this.#isStopping ? undefined : this.#parts.centralSystem.stations.newestOf(key);
    return end === undefined ? 'elsewhere' : { connection: end.connection };
  }

  #now(): Moment {
    const { clock } = this.#parts;
    return { wall: clock.wall(), monotonic: clock.monotonic() };
  }
}

/** A command is of the version that its payload was checked by; in another the same word may mean something else. */
const withheld = ({ protocol }: AnsweringEnd, { protocol: asked = 'ocpp1.6' }: CommandRequested) =>
  protocol === asked ? undefined : `station-speaks-${protocol}`;
