import { All, Controller, Header, HttpCode } from '@nestjs/common';

/** What the OCPP port answers to plain HTTP, besides what those who run it ask. */
@Controller()
export class HttpController {
  /** A station that forgot to ask for an upgrade. */
  @All('ocpp/*path')
  @HttpCode(426)
  @Header('Upgrade', 'websocket')
  upgradeRequired() {
    return { status: 'upgrade required' };
  }
}
