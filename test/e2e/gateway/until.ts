import { vi } from 'vitest';

/** Waits for a condition as long as a machine under load may need; vitest's own default is a second. */
export const until = (condition: () => boolean | Promise<boolean>): Promise<boolean> =>
  vi.waitUntil(condition, { timeout: 60_000, interval: 10 });
