import { createRequire } from 'node:module';

type RequestQueue = {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
};

const require = createRequire(import.meta.url);
const { prototype: queue } = require('kafkajs/src/network/requestQueue/index.js') as {
  readonly prototype: RequestQueue;
};
const schedule = queue.scheduleCheckPendingRequests;
let isCalm = false;

/**
 * Idle spin: after every answer kafkajs 2.2.4 sets a timer that looks for waiting requests and sets itself
 * again, and with none waiting its delay is negative, which is 1 ms (tulios/kafkajs#1768): every connection
 * wakes its process 900 times a second for ever. What waits is looked for whenever a request is queued or
 * answered, so the timer is needed only while something waits.
 */
export function calmRequestQueues(): void {
  if (isCalm) return;
  isCalm = true;
  queue.scheduleCheckPendingRequests = function scheduleIfAnyWaits(this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}
