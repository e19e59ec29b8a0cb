import { Inject } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import { Handshakes } from '../handshake/handshakes.ts';
import type { Upgrade } from '../handshake/upgrade.ts';

/** Where stations come in. */
@WebSocketGateway()
export class OcppGateway implements OnGatewayConnection<Upgrade> {
  readonly #handshakes: Handshakes;

  constructor(@Inject(Handshakes) handshakes: Handshakes) {
    this.#handshakes = handshakes;
  }

  handleConnection(upgrade: Upgrade): void {
    this.#handshakes.handle(upgrade);
  }
}
