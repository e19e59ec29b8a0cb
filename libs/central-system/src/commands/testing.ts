import {
  commandRecord,
  type CommandRequested,
  type CommandType,
  type LoggedRecord,
  type Micros,
  parseKey,
  type Payloads,
  recordKey,
  writePayload,
} from '@chargeproof/record';
import { CommandBoard, type Moment, type Reach, type Step } from './board.ts';
import { commandOf, followCommand, type Standing } from './standing.ts';

export const STATION = recordKey({ tenant: 'default', station: 'CP-1' });
export const SECOND: Micros = 1_000_000;

/** `platform.decisions` as a list, for specs. */
export class DecisionLog {
  readonly records: LoggedRecord[] = [];

  append<Type extends CommandType>(
    type: Type,
    payload: Payloads[Type],
    source: string,
    loggedAt: Micros,
    key = STATION,
  ): void {
    const subject = parseKey(key) ?? { tenant: '', station: '' };
    this.records.push({
      ...commandRecord(type, { subject, command: payload.command, source, time: loggedAt }),
      value: writePayload(type, payload),
      position: { generation: 0, partition: 0, offset: this.records.length },
      loggedAt,
    });
  }

  request(command: string, at: Micros, more: Partial<CommandRequested> = {}, key = STATION): void {
    const payload = { command, action: 'ClearCache', payload: {}, actor: 'ops', expires: at + 30 * SECOND };
    this.append('platform.command-requested.v1', { ...payload, ...more }, 'api', at, key);
  }

  step(step: Step, run: string, at: Micros): void {
    const { command, key } = step.standing;
    if (step.kind === 'end') this.append('platform.command-ended.v1', step.ended, run, at, key);
    else {
      const { connection } = step;
      const sent = { command, run, connection, messageId: command };
      this.append('platform.command-sent.v1', sent, run, at, key);
    }
  }

  standings(): ReadonlyMap<string, Standing> {
    const standings = new Map<string, Standing>();
    for (const record of this.records) {
      const id = commandOf(record) ?? '';
      const standing = followCommand(standings.get(id), record);
      if (standing !== undefined) standings.set(id, standing);
    }
    return standings;
  }
}

/** A gateway without a socket: what it may send is noted. */
export class GatewayOnPaper {
  readonly board: CommandBoard;
  readonly run: string;
  readonly sent: string[] = [];
  readonly appending: Step[] = [];
  /** Connections, in the order in which they were asked. */
  readonly asked: string[] = [];
  reach: Reach = 'elsewhere';
  #read = 0;
  readonly #log: DecisionLog;

  constructor(log: DecisionLog, run: string, previousRun?: string, asksFirst = false) {
    this.#log = log;
    this.run = run;
    this.board = new CommandBoard({ run, previousRun, began: log.records.length, asksFirst });
  }

  /** Reads so many records more. */
  reads(count: number, now: Moment): void {
    for (const record of this.#log.records.slice(this.#read, this.#read + count)) {
      this.#read += 1;
      const claimed = this.board.take(record);
      if (claimed === undefined) continue;
      const { standing } = claimed;
      if (typeof this.reach === 'string' || standing.sent?.connection !== this.reach.connection) {
        this.board.withheld(standing, 'connection-closed');
        continue;
      }
      this.sent.push(standing.command);
      this.board.called(standing, `${this.reach.connection}/${this.sent.length}`, now);
    }
  }

  get hasReadAll(): boolean {
    return this.#read === this.#log.records.length;
  }

  decides(now: Moment): void {
    for (const step of this.board.due(now, () => this.reach)) {
      if (step.kind === 'ask') this.asked.push(step.connection);
      else this.appending.push(step);
    }
  }

  /** Something comes over its socket. */
  hears(): void {
    if (typeof this.reach !== 'string') this.board.heard(STATION, this.reach.connection);
  }

  /** One of its appends is in the log. */
  lands(index: number, at: Micros): void {
    const [step] = this.appending.splice(index % Math.max(1, this.appending.length), 1);
    if (step !== undefined) this.#log.step(step, this.run, at);
  }

  answers(messageId: string, isError = false): void {
    if (typeof this.reach === 'string') return;
    const { connection } = this.reach;
    this.board.answered(STATION, connection, messageId, isError, `${connection}/answer`);
  }

  closes(): void {
    if (typeof this.reach !== 'string') this.board.closed(STATION, this.reach.connection);
    this.reach = 'elsewhere';
  }
}
