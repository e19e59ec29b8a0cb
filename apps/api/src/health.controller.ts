import type { ServerResponse } from 'node:http';
import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import { READINESS } from './tokens.ts';

/** Whether questions get answers now, and why not. */
export type Readiness = { readonly ready: boolean; readonly [figure: string]: unknown };

@Controller()
export class HealthController {
  readonly #readiness: () => Readiness;

  constructor(@Inject(READINESS) readiness: () => Readiness) {
    this.#readiness = readiness;
  }

  /** The process runs. */
  @Get('healthz')
  healthz(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The projector follows the log. 503 where it does not, with its figures. */
  @Get('readyz')
  readyz(@Res({ passthrough: true }) response: ServerResponse): Readiness {
    const readiness = this.#readiness();
    response.statusCode = readiness.ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    return readiness;
  }
}
