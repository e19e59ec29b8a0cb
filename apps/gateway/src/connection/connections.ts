import type { ConnectionId, IdleConnection, Subject } from '@chargeproof/record';
import { NO_STATION_KEY } from '@chargeproof/record';
import type { Clock } from '../clock.ts';
import type { Run } from '../run/run.ts';
import type { Connection } from './connection.ts';
import { ConnectionIdentity } from './identity.ts';
import { LatestConnections } from './latest-connections.ts';

/** The connections of this run: who is open, who came last, and their common ping timer. */
export class Connections {
  readonly #run: Run;
  readonly #clock: Clock;
  readonly #open = new Set<Connection>();
  /** A refused handshake is no connection. */
  readonly #latest = new LatestConnections();
  /** Those whose station is there, the newest of each key. */
  readonly #newest = new Map<string, Connection>();
  #ordinal = 0;
  #timer: NodeJS.Timeout | undefined;
  #empty: (() => void)[] = [];

  constructor(run: Run, clock: Clock) {
    this.#run = run;
    this.#clock = clock;
  }

  get size(): number {
    return this.#open.size;
  }

  get all(): readonly Connection[] {
    return [...this.#open];
  }

  /** Resolves when none is open. */
  empty(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#empty.push(resolve);
    });
  }

  /** A handshake begins. Without a subject it is a refusal that names no station. */
  identify(subject: Subject | undefined): ConnectionIdentity {
    const ordinal = this.#ordinal++;
    return subject === undefined
      ? new ConnectionIdentity(this.#run, this.#clock, ordinal, NO_STATION_KEY, undefined)
      : ConnectionIdentity.of(this.#run, this.#clock, ordinal, subject);
  }

  /** The station's connection before this one, which is in the log; null where this run knows none, or none any more. */
  previousOf(identity: ConnectionIdentity): ConnectionId | null {
    return this.#latest.of(identity.key) ?? null;
  }

  /** Its handshake is being recorded. @returns what is to be called once that is durable */
  opening(connection: Connection): () => void {
    this.#open.add(connection);
    return this.#latest.opening(connection.identity.key, connection.identity.id);
  }

  /** Its station is there. @returns the one before it, where that is still open */
  arrived(connection: Connection): Connection | undefined {
    const { key } = connection.identity;
    const before = this.#newest.get(key);
    this.#newest.set(key, connection);
    return before;
  }

  ended(connection: Connection): void {
    this.#open.delete(connection);
    const { key, id } = connection.identity;
    this.#latest.ended(key, id);
    if (this.#newest.get(key) === connection) this.#newest.delete(key);
    if (this.#open.size === 0) for (const resolve of this.#empty.splice(0)) resolve();
  }

  /** @param pingSeconds 0 sends none */
  startPings(pingSeconds: number): void {
    if (pingSeconds === 0) return;
    this.#timer = setInterval(() => {
      for (const connection of this.#open) connection.probe();
    }, pingSeconds * 1000).unref();
  }

  /** Records of each what is only counted between two ticks. */
  tellLimited(): void {
    for (const connection of this.#open) connection.tellLimited();
  }

  takeIdle(): ReadonlyMap<number, readonly IdleConnection[]> {
    const idle = new Map<number, IdleConnection[]>();
    for (const connection of this.#open) {
      const told = connection.takeIdle();
      if (told === undefined) continue;
      const { partition } = connection.identity;
      const others = idle.get(partition);
      if (others === undefined) idle.set(partition, [told]);
      else others.push(told);
    }
    return idle;
  }

  holdAll(isHeld: boolean): void {
    for (const connection of this.#open) connection.hold(isHeld);
  }

  endAll(code: number, reason: string): void {
    for (const connection of this.#open) connection.endFromHere(code, reason);
  }

  /** Ends all; those that have not answered after that time are cut. */
  async close(code: number, reason: string, graceMilliseconds: number): Promise<void> {
    clearInterval(this.#timer);
    if (this.#open.size === 0) return;
    const empty = this.empty();
    this.endAll(code, reason);
    const cut = setTimeout(() => {
      for (const connection of this.#open) connection.abandon();
    }, graceMilliseconds);
    await empty;
    clearTimeout(cut);
  }
}
