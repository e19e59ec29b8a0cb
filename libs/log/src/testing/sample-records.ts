import type { Attributes, LoggedRecord } from '@chargeproof/record';
import { recordKey } from '@chargeproof/record';
import type { AppendRequest } from '../log.ts';

const OPENED = 1_763_719_200_000_000;
const RUN = '0h9wq3k1c00-abc123';

/** A frame as the gateway appends it. `value` is text, or the bytes themselves. */
export function sampleRecord(
  station: string,
  sequence: number,
  value: string | Uint8Array = `[2,"${sequence}","Heartbeat",{}]`,
  more: Partial<Attributes> = {},
): AppendRequest {
  const connection = `0h9wq3k1c00-abc123-${station}`;
  return {
    key: recordKey({ tenant: 'default', station }),
    attributes: {
      id: `${connection}/${sequence}`,
      source: RUN,
      type: 'ocpp.frame.v1',
      tenant: 'default',
      subject: station,
      time: OPENED + sequence,
      witness: 'wire',
      connection,
      sequence,
      monotonic: sequence,
      protocol: 'ocpp1.6',
      direction: 'station-to-csms',
      origin: 'station',
      opcode: 'text',
      ...more,
    },
    value: typeof value === 'string' ? new TextEncoder().encode(value) : value,
  };
}

/** What a log must give back of what it was given. */
export const contentOf = ({ key, attributes, value }: AppendRequest | LoggedRecord) => ({
  key,
  attributes,
  value: Buffer.from(value).toString('latin1'),
});

/** Attributes with every member, and with what is easily lost: empty, astral, lone surrogates, quotes, big numbers. */
export const ODD_ATTRIBUTES: readonly Attributes[] = [
  {
    id: 'an import/1',
    source: '0h9wq3k1c00-abc123',
    type: 'recording.begun.v1',
    tenant: 'Müller & Söhne/"x"',
    subject: 'ST\u0000\ud83d\ude97\ud800 \\u0041',
    time: 0,
    witness: 'import',
    connection: '',
    sequence: Number.MAX_SAFE_INTEGER,
    monotonic: 0,
    protocol: '',
    direction: 'csms-to-station',
    origin: 'gateway',
    opcode: 'binary',
    cut: { bytes: 5_000_000, sha256: 'ab'.repeat(32) },
    sealed: {
      version: 1,
      verdict: { reason: 'unexpected end', offset: 7 },
      values: [
        {
          offset: 3,
          length: 10,
          standInLength: 22,
          class: 'idTag',
          key: 'k1',
          nonce: 'AAAA',
          ciphertext: 'BBBB',
          form: { json: 'string', codePoints: 8, alphabet: 'hex', spelling: 'CCCC' },
        },
      ],
    },
  },
  {
    id: 'run.0/0',
    source: 'run',
    type: 'recorder.tick.v1',
    tenant: 'default',
    time: OPENED,
    witness: 'wire',
  },
];
