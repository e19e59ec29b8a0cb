import { CANNOT_RECORD, CLOSE } from '../connection/close-codes.ts';
import type { Connections } from '../connection/connections.ts';
import type { SpoolView } from '../operations/spool-view.ts';

const LOOK_MILLISECONDS = 250;

/**
 * What stations meet of a spool that fills (DESIGN 4): near its limit no socket is read, so that what a station does
 * not send it keeps; at the limit all are closed with 1013. Who comes anew meanwhile is refused by the handshake.
 */
export class RoomWatch {
  readonly #spool: Pick<SpoolView, 'fill'>;
  readonly #connections: Pick<Connections, 'holdAll' | 'endAll'>;
  readonly #timer: NodeJS.Timeout;
  #fill: SpoolView['fill'] = 'room';

  constructor(spool: Pick<SpoolView, 'fill'>, connections: Pick<Connections, 'holdAll' | 'endAll'>) {
    this.#spool = spool;
    this.#connections = connections;
    this.#timer = setInterval(() => {
      this.look();
    }, LOOK_MILLISECONDS).unref();
  }

  look(): void {
    const { fill } = this.#spool;
    if (fill === this.#fill) return;
    this.#fill = fill;
    this.#connections.holdAll(fill !== 'room');
    if (fill === 'full') this.#connections.endAll(CLOSE.tryAgainLater, CANNOT_RECORD);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
