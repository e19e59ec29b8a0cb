import type { LoggedRecord } from '@chargeproof/record';
import type { Offsets, ReadRequest, Subscription } from './log.ts';

export type BatchHandler = (batch: readonly LoggedRecord[]) => Promise<void>;

/** Tells that something was appended. */
export type Watch = {
  /** A number that changes when something is appended. Taken before a `read`, so that nothing falls between. */
  version(): number;
  /** Settles when the version is another than `seen`, or when the signal aborts. */
  changed(seen: number, signal: AbortSignal): Promise<void>;
};

/** What a log gives so that {@link subscribeTo} can follow it. */
export type Followed = Watch & { read(request: ReadRequest): Promise<readonly LoggedRecord[]> };

/** A subscription made of `read` alone: read, hand over, wait for the handler, read on from there. */
export function subscribeTo(log: Followed, request: ReadRequest, handler: BatchHandler): Subscription {
  const closing = new AbortController();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const running = follow(log, request, handler, closing.signal).catch(reject);
  return {
    failed,
    close() {
      closing.abort();
      return running;
    },
  };
}

async function follow(log: Followed, request: ReadRequest, handler: BatchHandler, signal: AbortSignal) {
  // A call, because the compiler takes a property it has checked once to stay as it was.
  const isClosing = () => signal.aborted;
  let from = request.from;
  while (!isClosing()) {
    const seen = log.version();
    const batch = await log.read({ ...request, from });
    if (isClosing()) return;
    if (batch.length === 0) {
      await log.changed(seen, signal);
    } else {
      await handler(batch);
      from = after(from, batch);
    }
  }
}

/** Where to read on after a batch. */
export function after(from: Offsets, batch: readonly LoggedRecord[]): Offsets {
  const next = new Map(from);
  for (const { position } of batch) next.set(position.partition, position.offset + 1);
  return next;
}
