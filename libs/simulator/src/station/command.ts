import type { Answer, Payload } from '../peer.ts';
import type { SimulatedStation } from './station.ts';

/** What a station answers at once, and what it then does. */
export type Response = { readonly answer: Answer; readonly duty?: () => Promise<unknown> };
export type Command = (station: SimulatedStation, payload: Payload) => Response;
export type Commands = Readonly<Record<string, Command>>;

export const status = (value: string, duty?: () => Promise<unknown>): Response => ({
  answer: { payload: { status: value } },
  ...(duty === undefined ? {} : { duty }),
});
