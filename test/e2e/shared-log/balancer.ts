import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_MILLISECONDS = 100;

/** Leads each TCP connection to the next gateway that said it was ready, as balancers do. */
export class Balancer {
  readonly #server: Server;
  readonly #ready = new Map<string, boolean>();
  readonly #sockets = new Set<Socket>();
  readonly #stopped = new AbortController();
  #turn = 0;

  private constructor() {
    this.#server = createServer((socket) => {
      this.#lead(socket);
    });
  }

  static async start(): Promise<Balancer> {
    const balancer = new Balancer();
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    balancer.#look().catch(() => undefined);
    return balancer;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Those it leads to now. */
  get ready(): readonly string[] {
    return [...this.#ready].filter(([, isReady]) => isReady).map(([gateway]) => gateway);
  }

  /** @param gateway its address, as `ws://127.0.0.1:9220` */
  add(gateway: string): void {
    this.#ready.set(gateway, true);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #lead(station: Socket): void {
    const { ready } = this;
    const gateway = ready[this.#turn++ % ready.length];
    if (gateway === undefined) {
      station.destroy();
      return;
    }
    const far = connect(Number(new URL(gateway).port), '127.0.0.1');
    for (const [one, other] of [
      [station, far],
      [far, station],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopped;
    for (;;) {
      for (const gateway of this.#ready.keys()) this.#ready.set(gateway, await isReady(gateway, signal));
      await pause(LOOK_MILLISECONDS, undefined, { signal });
    }
  }
}

const isReady = (gateway: string, signal: AbortSignal) =>
  fetch(`${gateway.replace('ws:', 'http:')}/readyz`, { signal }).then(
    ({ ok }) => ok,
    () => false,
  );
