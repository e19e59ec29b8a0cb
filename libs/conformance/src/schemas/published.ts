import ocpp16 from 'ocpp-rpc/lib/schemas/ocpp1_6.json' with { type: 'json' };
import ocpp201 from 'ocpp-rpc/lib/schemas/ocpp2_0_1.json' with { type: 'json' };
import ocpp21 from 'ocpp-rpc/lib/schemas/ocpp2_1.json' with { type: 'json' };

export type Schema = Readonly<Record<string, unknown>>;

/** The published schemas of one version: `$id` is a prefix, the action, and which half of the exchange it is. */
export type PublishedSchemas = {
  readonly schemas: readonly Schema[];
  readonly call: (action: string) => string;
  readonly answer: (action: string) => string;
};

/** Subprotocol → its schemas, as npm's `ocpp-rpc` carries them (MIT): 1.6 with the security white paper. */
export const PUBLISHED: Readonly<Record<string, PublishedSchemas>> = {
  'ocpp1.6': {
    schemas: ocpp16,
    call: (action) => `urn:${action}.req`,
    answer: (action) => `urn:${action}.conf`,
  },
  'ocpp2.0.1': {
    schemas: ocpp201,
    call: (action) => `urn:${action}.req`,
    answer: (action) => `urn:${action}.conf`,
  },
  'ocpp2.1': {
    schemas: ocpp21,
    call: (action) => `urn:${action}Request`,
    answer: (action) => `urn:${action}Response`,
  },
};
