import type { Direction, Subject } from '@chargeproof/record';
import { effectiveTime, partitionOf, recordId, recordKey, writePayload } from '@chargeproof/record';
import type { Appended, Socket } from './gateway-run.ts';
import { GatewayRun } from './gateway-run.ts';
import type { Line } from './recording.ts';
import { Import } from './recording.ts';
import type { Moment } from './ocpp.ts';
import { answerPayload, callPayload, idGiven, REPEATED } from './ocpp.ts';

/** One thing that happens. Numbers that choose (`station`, `socket`, `gateway`) are taken modulo what there is. */
export type Action =
  | { readonly does: 'wait'; readonly micros: number }
  | { readonly does: 'open'; readonly gateway: number; readonly station: number }
  | { readonly does: 'refuse'; readonly gateway: number; readonly station: number }
  | {
      readonly does: 'call';
      readonly socket: number;
      readonly fromStation: boolean;
      readonly messageId: number;
      readonly action: string;
      /** What it says: see `ocpp.ts`. */
      readonly choice: number;
    }
  /** A transaction message of before, word for word, under another id: its answer was lost. */
  | { readonly does: 'retry'; readonly socket: number; readonly nth: number; readonly messageId: number }
  | {
      readonly does: 'answer';
      readonly socket: number;
      readonly nth: number;
      readonly error: boolean;
      readonly choice: number;
    }
  | { readonly does: 'orphan'; readonly socket: number; readonly fromStation: boolean }
  | { readonly does: 'garbage'; readonly socket: number; readonly fromStation: boolean }
  | { readonly does: 'gap'; readonly socket: number }
  | { readonly does: 'close'; readonly socket: number; readonly byStation: boolean }
  | { readonly does: 'tick'; readonly gateway: number; readonly lost: boolean }
  | { readonly does: 'stepClock'; readonly gateway: number; readonly micros: number }
  | { readonly does: 'restart'; readonly gateway: number; readonly cleanly: boolean }
  | { readonly does: 'decide'; readonly station: number; readonly back: number }
  | ImportAction;

/** Somebody's recording of what went over a station's wire until now. */
export type ImportAction = {
  readonly does: 'import';
  readonly station: number;
  /** Of the frames of its last connections the first that it has, counted from the newest; and how many. */
  readonly back: number;
  readonly count: number;
  /** Its clock, less true time, microseconds. */
  readonly offset: number;
  /** Its last exchange is one that the gateway missed. */
  readonly more: boolean;
  /** It does not state directions. */
  readonly inferred: boolean;
  /** The importer dies after so many frames. */
  readonly cut?: number;
};

export type WorldOptions = {
  readonly stations: readonly string[];
  readonly partitions: number;
  readonly gateways: number;
  readonly tickSeconds: number;
};
export const SMALL_WORLD: WorldOptions = { stations: ['CP-1'], partitions: 1, gateways: 2, tickSeconds: 60 };

/** 2026-11-01T00:00:00Z; nothing reads a clock here. */
const BEGINNING = 1_793_491_200_000_000;

/**
 * Stations on gateways, acting out a list of actions: gives the records that the gateways' runs append,
 * in the order of true time, with true ids, sequences, clocks and counts.
 */
export function actOut(actions: readonly Action[], options: WorldOptions = SMALL_WORLD): readonly Appended[] {
  const world = new World(options);
  for (const action of actions) world.act(action);
  return world.appended;
}

type Doing<Does extends Action['does']> = Extract<Action, { readonly does: Does }>;
type Call = { readonly action: string; readonly payload: unknown };
/** What a station and its central system remember of each other. */
type Memory = { given: number[]; sinceBoot: number; readonly sent: Call[] } & Omit<Moment, 'now'>;

class World {
  readonly appended: Appended[] = [];
  readonly #options: WorldOptions;
  readonly #runs: GatewayRun[];
  #now = BEGINNING;
  #lives = 0;
  #decisions = 0;
  /** What went over each station's wire, by true time; and what was imported of it. */
  readonly #wires = new Map<string, Line[]>();
  readonly #imported = new Set<string>();
  readonly #memories = new Map<string, Memory>();
  /** Effective time of the last record that a connection wrote. */
  #newest = BEGINNING;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#runs = Array.from({ length: options.gateways }, () => this.#newRun(0));
    for (const run of this.#runs) run.start(options.tickSeconds);
  }

  act(action: Action): void {
    this.#now += 1000;
    switch (action.does) {
      case 'wait':
        this.#now += action.micros;
        return;
      case 'open':
        this.#gateway(action.gateway).open(this.#now, this.#station(action.station));
        return;
      case 'refuse':
        this.#gateway(action.gateway).refuse(this.#now, this.#station(action.station));
        return;
      case 'tick':
        this.#gateway(action.gateway).tick(this.#now, this.#options.tickSeconds, action.lost);
        return;
      case 'stepClock':
        this.#gateway(action.gateway).stepClock(action.micros);
        return;
      case 'restart':
        this.#restart(action.gateway % this.#runs.length, action.cleanly);
        return;
      case 'decide':
        this.#decide(this.#station(action.station), action.back);
        return;
      case 'import':
        this.#import(this.#station(action.station), action);
        return;
      default:
        this.#actOn(action);
    }
  }

  #actOn(action: Extract<Action, { readonly socket: number }>): void {
    const sockets = this.#runs.flatMap((run) => run.sockets);
    const socket = sockets[action.socket % Math.max(1, sockets.length)];
    if (socket === undefined) return;
    switch (action.does) {
      case 'call':
        this.#call(socket, action);
        return;
      case 'retry':
        this.#retry(socket, action);
        return;
      case 'answer':
        this.#answer(socket, action);
        return;
      case 'orphan':
        socket.run.frame(this.#now, socket, directionOf(action), '[3,"never-asked",{}]');
        return;
      case 'garbage':
        socket.run.frame(this.#now, socket, directionOf(action), '[2,"7","Heartb');
        return;
      case 'gap': {
        const gap = { missing: 'frames', count: null, reason: 'generated' } as const;
        socket.run.note(this.#now, socket, 'ocpp.gap.v1', gap);
        return;
      }
      case 'close': {
        const by = action.byStation ? 'station' : 'csms';
        socket.run.close(this.#now, socket, { code: 1000, reason: 'done', by });
        return;
      }
    }
  }

  #call(socket: Socket, { action, fromStation, messageId, choice }: Doing<'call'>): void {
    const memory = this.#memoryOf(socket);
    const payload = callPayload(action, fromStation, { now: this.#now, ...memory }, choice);
    if (fromStation && action === 'BootNotification') memory.sinceBoot = 0;
    if (fromStation && REPEATED.has(action)) memory.sent.push({ action, payload });
    this.#send(socket, directionOf({ fromStation }), String(messageId), { action, payload });
  }

  #retry(socket: Socket, { nth, messageId }: Doing<'retry'>): void {
    const { sent } = this.#memoryOf(socket);
    const again = sent[sent.length - 1 - (nth % Math.max(1, sent.length))];
    if (again) this.#send(socket, 'station-to-csms', String(messageId), again);
  }

  #send(socket: Socket, direction: Direction, messageId: string, { action, payload }: Call): void {
    socket.run.frame(this.#now, socket, direction, JSON.stringify([2, messageId, action, payload]));
    socket.open.push({ direction, messageId, action });
  }

  #answer(socket: Socket, { nth, error, choice }: Doing<'answer'>): void {
    const [call] = socket.open.splice(nth % Math.max(1, socket.open.length), 1);
    if (call === undefined) return;
    const memory = this.#memoryOf(socket);
    const payload = answerPayload(call.action, { now: this.#now, ...memory }, choice);
    const id = error ? undefined : idGiven(call.action, payload);
    if (id !== undefined) {
      memory.given.push(id);
      memory.sinceBoot++;
    }
    const direction = call.direction === 'station-to-csms' ? 'csms-to-station' : 'station-to-csms';
    const frame = error ? [4, call.messageId, 'InternalError', '', {}] : [3, call.messageId, payload];
    socket.run.frame(this.#now, socket, direction, JSON.stringify(frame));
  }

  #memoryOf({ subject: { station } }: Socket): Memory {
    let memory = this.#memories.get(station);
    if (memory === undefined) this.#memories.set(station, (memory = { given: [], sinceBoot: 0, sent: [] }));
    return memory;
  }

  /** A clean stop closes its sockets first; a kill leaves them as they are, and only the next run tells of it. */
  #restart(gateway: number, cleanly: boolean): void {
    const run = this.#gateway(gateway);
    if (cleanly) {
      // One is left to the run's stop: a close that was not written any more.
      for (const socket of run.sockets.slice(1)) {
        run.close(this.#now, socket, { code: 1001, reason: 'going away', by: 'gateway' });
      }
      run.stop(this.#now);
    }
    const offset = run.wallClock(0);
    this.#now += 1000;
    const next = this.#newRun(offset);
    this.#runs[gateway] = next;
    next.start(this.#options.tickSeconds, { run: run.id, endedCleanly: cleanly });
  }

  #newRun(offset: number): GatewayRun {
    const { partitions } = this.#options;
    this.#now += 1000;
    const random = (this.#lives++).toString(36).padStart(6, '0');
    return new GatewayRun(this.#now, offset, random, partitions, (appended) => {
      this.#append(appended);
    });
  }

  #append(appended: Appended): void {
    this.appended.push(appended);
    const { attributes, key, value } = appended.record;
    if (attributes.connection === undefined) return;
    this.#newest = effectiveTime(attributes);
    const { type, direction } = attributes;
    if (type !== 'ocpp.frame.v1' || direction === undefined) return;
    const line = { time: this.#now, direction, text: decoder.decode(value) };
    this.#wires.set(key, [...(this.#wires.get(key) ?? []), line]);
  }

  #import(subject: Subject, { back, count, offset, more, inferred, cut }: ImportAction): void {
    const { partitions } = this.#options;
    const began = this.#gateway(0).wallClock(this.#now);
    const importer = new Import({
      began,
      random: `i${(this.#lives++).toString(36).padStart(5, '0')}`,
      known: this.#imported,
      partitionOf: (of) => partitionOf(recordKey(of), partitions),
      append: (appended) => this.appended.push(appended),
    });
    const wire = this.#wires.get(recordKey(subject)) ?? [];
    const from = Math.max(0, wire.length - 1 - back);
    const seen = [...wire.slice(from, from + count), ...(more ? missed(wire.at(-1)?.time ?? BEGINNING) : [])];
    const lines = seen.map((line) => ({
      ...line,
      // No recording tells of a time after it was imported.
      time: Math.min(line.time + offset, began),
      ...(inferred ? { inferred } : {}),
    }));
    importer.file(subject, lines, cut);
  }

  /** @param back so long before the newest record it holds from */
  #decide(subject: Subject, back: number): void {
    const number = this.#decisions++;
    const decision = { kind: 'label', label: `label ${number}` };
    const payload = { who: 'generated', why: 'to be folded', effective: this.#newest - back, decision };
    const attributes = {
      id: recordId('decisions', number),
      source: 'decisions',
      type: 'station.decision.v1',
      tenant: subject.tenant,
      subject: subject.station,
      time: this.#now,
      witness: 'wire',
    } as const;
    const key = recordKey(subject);
    const record = { key, attributes, value: writePayload('station.decision.v1', payload) };
    this.appended.push({ partition: partitionOf(key, this.#options.partitions), record });
  }

  #gateway(index: number): GatewayRun {
    const run = this.#runs[index % this.#runs.length];
    if (run === undefined) throw new Error('a world without gateways');
    return run;
  }

  #station(index: number): Subject {
    const { stations } = this.#options;
    return { tenant: 'default', station: stations[index % stations.length] ?? 'CP-1' };
  }
}

/** An exchange of which the gateway recorded nothing. */
const missed = (time: number): readonly Line[] => [
  { time, direction: 'station-to-csms', text: '[2,"missed","Heartbeat",{}]' },
  { time, direction: 'csms-to-station', text: '[3,"missed",{}]' },
];

const decoder = new TextDecoder();

const directionOf = ({ fromStation }: { readonly fromStation: boolean }): Direction =>
  fromStation ? 'station-to-csms' : 'csms-to-station';
