import { All, Controller, Get, Header, HttpCode, Inject } from '@nestjs/common';
import { Connections } from '../connection/connections.ts';
import { RUN } from './tokens.ts';
import type { Run } from '../run/run.ts';

/** What the OCPP port answers to plain HTTP. */
@Controller()
export class HttpController {
  readonly #run: Run;
  readonly #connections: Connections;

  constructor(@Inject(RUN) run: Run, @Inject(Connections) connections: Connections) {
    this.#run = run;
    this.#connections = connections;
  }

  @Get('healthz')
  healthz() {
    return { status: 'ok', run: this.#run.id, connections: this.#connections.size };
  }

  /** A station that forgot to ask for an upgrade. */
  @All('ocpp/*path')
  @HttpCode(426)
  @Header('Upgrade', 'websocket')
  upgradeRequired() {
    return { status: 'upgrade required' };
  }
}
