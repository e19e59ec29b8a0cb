import { createRequire } from 'node:module';
import { afterEach, expect, it, vi } from 'vitest';
import { calmRequestQueues } from './request-queue.ts';

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as new (
  options: object,
) => {
  maybeThrottle(milliseconds: number): void;
  push(request: object): void;
  fulfillRequest(response: object): void;
};

afterEach(() => vi.useRealTimers());

/** A queue whose one request was answered. */
function answered() {
  const quiet = { debug: () => undefined, warn: () => undefined };
  const queue = new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1000,
    clientId: '',
    logger: quiet,
  });
  const sent: number[] = [];
  const ask = (correlationId: number) => {
    const entry = { correlationId, resolve: () => undefined, reject: () => undefined };
    queue.push({ entry, expectResponse: true, sendRequest: () => sent.push(correlationId) });
  };
  ask(1);
  queue.fulfillRequest({ correlationId: 1, payload: Buffer.of(), size: 0 });
  return { queue, ask, sent };
}

it('sets no timer where no request waits', () => {
  vi.useFakeTimers();
  calmRequestQueues();
  answered();
  expect(vi.getTimerCount()).toBe(0);
});

it('sends what a broker made wait, once it may', () => {
  vi.useFakeTimers();
  calmRequestQueues();
  const { queue, ask, sent } = answered();
  queue.maybeThrottle(500);
  ask(2);
  expect(sent).toEqual([1]);
  vi.advanceTimersByTime(600);
  expect(sent).toEqual([1, 2]);
  expect(vi.getTimerCount()).toBe(0);
});
