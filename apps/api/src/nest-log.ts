import type { LoggerService } from '@nestjs/common';
import type { Log } from './errors/log.ts';

/** What Nest says of itself goes where everything goes, in one line; its start-up chatter does not. */
export function nestLog(log: Log): LoggerService {
  return {
    log: () => undefined,
    warn: (message: unknown) => {
      log.warn(String(message));
    },
    error: (message: unknown, stack?: unknown) => {
      log.error({ stack }, String(message));
    },
    fatal: (message: unknown) => {
      log.error({}, String(message));
    },
  };
}
