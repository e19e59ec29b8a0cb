import { openSocket } from './open-socket.ts';

/**
 * Stations that connect and say nothing, a process of its own. Its parent sends an order; it answers
 * `{ open }` once all are connected, and holds them until it ends. Pings are answered.
 */
export type IdleOrder = {
  /** Base URL; `/<station>` is appended. */
  readonly url: string;
  readonly stations: number;
};
export type IdleResult = { readonly open: number };

/** A local address has some 28,000 ports to one other; what lies in TIME_WAIT takes of them too. */
const STATIONS_AN_ADDRESS = 5000;
const AT_ONCE = 50;

async function connectAll({ url, stations }: IdleOrder): Promise<IdleResult> {
  let next = 0;
  let open = 0;
  const connectNext = async (): Promise<void> => {
    for (let station = next++; station < stations; station = next++) {
      const address = `127.0.0.${2 + Math.floor(station / STATIONS_AN_ADDRESS)}`;
      const socket = await openSocket(new URL(`${url}/IDLE-${station}`), () => undefined, address);
      open += 1;
      socket.on('close', () => (open -= 1));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, connectNext));
  return { open };
}

process.send?.({ address: '' });
process.on('message', (order: IdleOrder) => {
  connectAll(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
