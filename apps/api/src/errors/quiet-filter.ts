import { type ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Log } from './log.ts';

/**
 * What resolvers throw goes to GraphQL's own formatting, and is logged there, once; Nest would print each
 * with its stack. Over plain HTTP a fault of ours says no more than that.
 */
@Catch()
export class QuietFilter {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  catch(thrown: unknown, host: ArgumentsHost): unknown {
    if (host.getType<string>() === 'graphql') return thrown;
    const response = host.switchToHttp().getResponse<ServerResponse>();
    const status = thrown instanceof HttpException ? thrown.getStatus() : 500;
    if (status >= 500) this.#log.error({ err: thrown }, 'a request could not be answered');
    const error = thrown instanceof HttpException ? thrown.message : 'the request could not be answered';
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error }));
    return undefined;
  }
}
