import type { gateway, SettingsOf } from '@chargeproof/config';

export type GatewaySettings = SettingsOf<{ gateway: typeof gateway }>['gateway'];

/** A setting is missing or cannot be used. The message is one line and names the setting. */
export class UnusableSetting extends Error {
  override readonly name = 'UnusableSetting';
}
