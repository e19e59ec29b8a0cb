import type {
  CommandEnded,
  CommandOutcome,
  ConnectionId,
  LoggedRecord,
  Micros,
  RecordId,
  RunId,
} from '@chargeproof/record';
import { Hearing } from './hearing.ts';
import { commandOf, followCommand, type Said, type Standing } from './standing.ts';

/** Both clocks: people's times are told by the one, and durations measured by the other. */
export type Moment = { readonly wall: Micros; readonly monotonic: number };

/** How a gateway stands to a station: it answers it over that connection, relays it, or does not have it. */
export type Reach = { readonly connection: ConnectionId } | 'relayed' | 'elsewhere';

/** What a gateway is to append. */
export type Step =
  | { readonly kind: 'claim'; readonly standing: Standing; readonly connection: ConnectionId }
  | { readonly kind: 'end'; readonly standing: Standing; readonly ended: CommandEnded };

/** A socket that is to be asked whether it is there: whatever comes over it then is {@link CommandBoard.heard}. */
export type Ask = { readonly kind: 'ask'; readonly key: string; readonly connection: ConnectionId };

/** A station has so long to answer, in microseconds; what the common stacks wait. */
export const ANSWER_PATIENCE: Micros = 30_000_000;
/** After so long without a word from the run that claimed it, any other says that nobody knows. */
export const CLAIM_PATIENCE: Micros = 2 * ANSWER_PATIENCE;
/** A request that is repeated within this time of the first is known to be one, whatever was restarted since. */
const REMEMBERED: Micros = 86_400_000_000;

export type BoardOptions = {
  readonly run: RunId;
  /** The run of this folder before this one: it is dead. */
  readonly previousRun: RunId | undefined;
  /** The log's end when this run began: what was asked for before is not carried out by it. */
  readonly began: number;
  /** Other gateways may have sockets of the same stations: whose is heard claims. */
  readonly asksFirst: boolean;
};

type Entry = {
  standing: Standing;
  readonly record: LoggedRecord;
  /** Asked for before this run began. */
  readonly isOld: boolean;
  /** What is to be appended of it, and whether that is under way. */
  step?: Step | undefined;
  underWay: boolean;
  /** Its claim waits for this. */
  hearing?: Hearing | undefined;
  /** Its CALL is with the station. */
  call?: { readonly record: RecordId; readonly since: number };
};

/** Of one station, oldest first. */
type Queue = Map<string, Entry>;

/**
 * The commands of all stations as one gateway knows them from the log, and what it is to do about them. It has
 * no clock and writes nothing: it is told what was read and what happened, and says what to append. A claim is
 * acted on only when it was read back and holds, so no command is sent by two, or twice.
 */
export class CommandBoard {
  readonly #options: BoardOptions;
  readonly #queues = new Map<string, Queue>();
  /** Ended ones, by when they were asked for, and where. */
  readonly #done = new Map<string, { readonly at: Micros; readonly offset: number }>();

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  /** @returns the command that is now this run's to send: at once, or never */
  take(record: LoggedRecord): { readonly standing: Standing; readonly record: Said } | undefined {
    const id = commandOf(record);
    if (id === undefined || this.#done.has(id)) return undefined;
    const entry = this.#queues.get(record.key)?.get(id);
    const standing = followCommand(entry?.standing, record);
    if (standing === undefined) return undefined;
    if (entry === undefined) this.#add(id, standing, record);
    return entry && this.#follow(id, entry, standing, record);
  }

  #follow(id: string, entry: Entry, standing: Standing, { attributes }: Said) {
    const { run } = this.#options;
    const isClaimed = entry.standing.sent === undefined && standing.sent?.run === run;
    entry.standing = standing;
    if (attributes.source === run) settled(entry);
    if (standing.ended !== undefined) this.#finish(id, standing, entry.record.position.offset);
    return isClaimed ? { standing, record: entry.record } : undefined;
  }

  /** Its CALL is on its way. @param record the CALL's */
  called({ command, key }: Standing, record: RecordId, { monotonic }: Moment): void {
    const entry = this.#find(key, command);
    if (entry !== undefined) entry.call = { record, since: monotonic };
  }

  /** It was claimed and cannot be sent. */
  withheld({ command, key }: Standing, reason: string): void {
    const entry = this.#find(key, command);
    if (entry !== undefined) end(entry, 'refused', { reason });
  }

  /** A response came over a connection. @param answer its record */
  answered(
    key: string,
    connection: ConnectionId,
    messageId: string,
    isError: boolean,
    answer: RecordId,
  ): void {
    for (const entry of this.#queues.get(key)?.values() ?? []) {
      const { sent } = entry.standing;
      if (entry.call === undefined || sent?.connection !== connection || sent.messageId !== messageId)
        continue;
      end(entry, isError ? 'error' : 'answered', { answer });
    }
  }

  /** A connection is over, with what was asked over it. */
  closed(key: string, connection: ConnectionId): void {
    for (const entry of this.#queues.get(key)?.values() ?? []) {
      if (entry.call !== undefined && entry.standing.sent?.connection === connection)
        end(entry, 'unknown', { reason: 'connection-closed' });
    }
  }

  /** Something came over a connection after it was asked whether it is there. */
  heard(key: string, connection: ConnectionId): void {
    for (const { hearing } of this.#queues.get(key)?.values() ?? []) {
      if (hearing?.connection === connection) hearing.heard();
    }
  }

  /** What is to be appended now, or asked. Each is given once, until it {@link failed}. */
  due(now: Moment, reachOf: (key: string) => Reach): readonly (Step | Ask)[] {
    const steps: (Step | Ask)[] = [];
    for (const [key, queue] of this.#queues) {
      let isFree = true;
      for (const entry of queue.values()) {
        const before = entry.hearing;
        if (entry.step === undefined) this.#decide(entry, now, isFree, () => reachOf(key));
        const { hearing } = entry;
        if (hearing !== undefined && hearing !== before)
          steps.push({ kind: 'ask', key, connection: hearing.connection });
        if (isInTurn(entry)) isFree = false;
        if (entry.step === undefined || entry.underWay) continue;
        entry.underWay = true;
        steps.push(entry.step);
      }
    }
    return steps;
  }

  /** The offset from which a board that begins later reads what this one knows; undefined where it knows nothing. */
  neededFrom(wall: Micros): number | undefined {
    const open = [...this.#queues.values()].flatMap((queue) =>
      Array.from(queue.values(), ({ record }) => record.position.offset),
    );
    const done = [...this.#done.values()].filter(({ at }) => at > wall - REMEMBERED);
    return [...open, ...done.map(({ offset }) => offset)].reduce<number | undefined>(
      (least, offset) => Math.min(least ?? offset, offset),
      undefined,
    );
  }

  /** The log did not take it: an end is said again, whether to claim is decided anew. */
  failed({ kind, standing: { key, command } }: Step): void {
    const entry = this.#find(key, command);
    if (entry === undefined) return;
    entry.underWay = false;
    if (kind === 'claim') entry.step = undefined;
  }

  /** Microseconds until something falls due by itself; undefined where nothing will. */
  untilDue(now: Moment): number | undefined {
    let least: number | undefined;
    for (const queue of this.#queues.values()) {
      for (const entry of queue.values()) {
        if (entry.step === undefined) least = Math.min(least ?? Infinity, untilDueOf(entry, now));
      }
    }
    return least === undefined ? undefined : Math.max(0, least);
  }

  #decide(entry: Entry, now: Moment, isFree: boolean, reach: () => Reach): void {
    const { standing, call, isOld } = entry;
    if (call !== undefined) {
      if (now.monotonic - call.since >= ANSWER_PATIENCE) end(entry, 'unanswered', {});
    } else if (standing.sent !== undefined) {
      this.#giveUp(entry, standing.sent, now);
    } else if (now.wall >= standing.requested.expires) {
      end(entry, 'expired', { reason: whyExpired(isFree, isOld, reach()) });
    } else if (!isOld) {
      const here = reach();
      if (here === 'relayed') end(entry, 'refused', { reason: 'relayed' });
      else if (here === 'elsewhere' || !isFree) entry.hearing = undefined;
      else this.#claim(entry, here.connection, now);
    }
  }

  /** At once where nobody else can; else once its socket was heard, or its patience is over. */
  #claim(entry: Entry, connection: ConnectionId, { monotonic }: Moment): void {
    if (this.#options.asksFirst && entry.hearing?.connection !== connection)
      entry.hearing = new Hearing(connection, monotonic);
    if ((entry.hearing?.left(monotonic) ?? 0) === 0)
      entry.step = { kind: 'claim', standing: entry.standing, connection };
  }

  /** Claimed by another run, or by this one, which sends it the moment it reads so. */
  #giveUp(entry: Entry, { run, at }: NonNullable<Standing['sent']>, { wall }: Moment): void {
    if (run === this.#options.run) return;
    if (run === this.#options.previousRun) end(entry, 'unknown', { reason: 'recorder-died' });
    else if (wall >= at + CLAIM_PATIENCE) end(entry, 'unknown', { reason: 'nobody-told' });
  }

  #add(id: string, standing: Standing, record: LoggedRecord): void {
    const { key } = standing;
    const isOld = record.position.offset < this.#options.began;
    const entry = { standing, record, isOld, underWay: false };
    const queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, new Map([[id, entry]]));
    else queue.set(id, entry);
  }

  #finish(id: string, { key, requestedAt }: Standing, offset: number): void {
    const queue = this.#queues.get(key);
    queue?.delete(id);
    if (queue?.size === 0) this.#queues.delete(key);
    this.#done.set(id, { at: requestedAt, offset });
    for (const [old, { at }] of this.#done) {
      if (at > requestedAt - REMEMBERED) break;
      this.#done.delete(old);
    }
  }

  #find(key: string, command: string): Entry | undefined {
    for (const entry of this.#queues.get(key)?.values() ?? []) {
      if (entry.standing.command === command) return entry;
    }
    return undefined;
  }
}

/** Those behind it wait. */
const isInTurn = ({ standing, step, hearing }: Entry): boolean =>
  standing.sent !== undefined || (step === undefined ? hearing !== undefined : step.kind === 'claim');

/** Microseconds, which may be over. */
function untilDueOf({ standing: { sent, requested }, call, hearing }: Entry, { wall, monotonic }: Moment) {
  if (call !== undefined) return call.since + ANSWER_PATIENCE - monotonic;
  if (sent !== undefined) return sent.at + CLAIM_PATIENCE - wall;
  return Math.min(requested.expires - wall, hearing?.left(monotonic) ?? Infinity);
}

function settled(entry: Entry): void {
  entry.step = undefined;
  entry.underWay = false;
}

function end(entry: Entry, outcome: CommandOutcome, more: Pick<CommandEnded, 'reason' | 'answer'>): void {
  if (entry.step?.kind === 'end') return;
  const { standing, call } = entry;
  const { command } = standing;
  const ended = { command, outcome, ...more, ...(call && { call: call.record }) };
  entry.step = { kind: 'end', standing, ended };
  entry.underWay = false;
}

function whyExpired(isFree: boolean, isOld: boolean, reach: Reach): string {
  if (isOld) return 'asked-before-start';
  if (!isFree) return 'station-busy';
  return reach === 'elsewhere' ? 'not-connected' : 'not-in-time';
}
