import type { Story } from './story.ts';

/** Members of OCPP 1.6 payloads, as stations write them. */
export const BOOT = { chargePointVendor: 'V', chargePointModel: 'M' };
export const taken = (transactionId: number) => ({ transactionId, idTagInfo: { status: 'Accepted' } });
export const status = (word: string, connectorId = 1) => ({
  connectorId,
  errorCode: 'NoError',
  status: word,
});

export const start = (story: Story, at: number, meterStart: number, more: object = {}) => ({
  connectorId: 1,
  idTag: 'TAG-1',
  meterStart,
  timestamp: story.time(at),
  ...more,
});

export const stop = (
  story: Story,
  at: number,
  transactionId: number,
  meterStop: number,
  more: object = {},
) => ({
  transactionId,
  idTag: 'TAG-1',
  meterStop,
  timestamp: story.time(at),
  ...more,
});

/** Sampled values of one moment; a plain text is the register in Wh. */
export const metered = (
  story: Story,
  at: number,
  transactionId: number,
  ...sampled: readonly (string | object)[]
) => ({
  connectorId: 1,
  transactionId,
  meterValue: [
    {
      timestamp: story.time(at),
      sampledValue: sampled.map((one) => (typeof one === 'string' ? { value: one } : one)),
    },
  ],
});
