import { Controller, Get, Inject } from '@nestjs/common';
import type { Store } from '@chargeproof/tables';
import { STORE } from './tokens.ts';

@Controller()
export class HealthController {
  readonly #store: Store;

  constructor(@Inject(STORE) store: Store) {
    this.#store = store;
  }

  /** The process runs. */
  @Get('healthz')
  healthz(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The store answers; 500 with its error where it does not. */
  @Get('readyz')
  async readyz(): Promise<{ status: 'ready' }> {
    await this.#store.select('SELECT 1 AS one');
    return { status: 'ready' };
  }
}
