import type { AnsweredProtocol, Dialect } from './dialect.ts';
import { OCPP_16 } from './ocpp16/dialect.ts';
import { OCPP_201 } from './ocpp201/dialect.ts';

const DIALECTS: Readonly<Record<AnsweredProtocol, Dialect>> = {
  'ocpp1.6': OCPP_16,
  'ocpp2.0.1': OCPP_201,
};

export const ANSWERED_PROTOCOLS = Object.keys(DIALECTS) as readonly AnsweredProtocol[];

export const dialectOf = (protocol: AnsweredProtocol): Dialect => DIALECTS[protocol];

/** The first of those offered that is answered: a station lists what it likes best first (OCPP-J 1.6, 3.2). */
export const selectProtocol = (offered: readonly string[]): AnsweredProtocol | undefined =>
  offered.map((each) => ANSWERED_PROTOCOLS.find((one) => one === each)).find((one) => one !== undefined);
