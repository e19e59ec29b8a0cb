import { effectiveTime, openedAt, parseMicros, readPayload, type Sealer, unseal } from '@chargeproof/record';
import { createSealer, type SealingKeys } from '@chargeproof/record';
import { describe, expect, it } from 'vitest';
import { StationRecording } from './recording.ts';

const keys: SealingKeys = {
  current: 'k',
  keys: new Map([['k', Buffer.alloc(32, 1)]]),
  standIns: Buffer.alloc(32, 2),
};
const sealer: Sealer = createSealer(keys);
const at = (text: string) => parseMicros(text)!;
const OPENED = at('2025-01-01T00:00:00Z');
const IMPORTED = at('2026-01-01T00:00:00Z');

const recording = () =>
  new StationRecording({
    subject: { tenant: 'default', station: 'CP 1' },
    file: { format: 'csv', file: 'log.csv', sha256: 'ab', zone: 'UTC' },
    run: '0hoa1b2c3d0-k3x9qz',
    ordinal: 3,
    importedAt: IMPORTED,
    opened: OPENED,
    sealer,
  });
const TURN = { direction: 'csms-to-station', isInferred: true } as const;
const frame = (time: string, text = '[2,"1","Authorize",{"idTag":"SECRET"}]') => ({
  station: 'CP 1',
  time,
  bytes: Buffer.from(text),
});

describe('a recording of one station', () => {
  it('is a connection that begins, holds its frames in order of effective time, and ends', () => {
    const of = recording();
    const times = [
      '2025-01-01T00:00:00Z',
      '2099-01-01T00:00:00Z',
      '1970-01-01T00:00:00Z',
      '2025-01-01T00:01:00Z',
    ];
    const frames = times.map((time, index) =>
      of.frame(`import-${index}`, frame(time), TURN, of.place(at(time))),
    );
    const records = [of.begun(), ...frames, of.ended()];
    expect(records.map(({ attributes }) => attributes.sequence)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(records.map(({ attributes }) => effectiveTime(attributes) - OPENED)).toEqual([
      0, 0, 0, 0, 6e7, 6e7,
    ]);
    expect(records.every(({ key }) => key === 'default/CP%201')).toBe(true);
    expect(openedAt(of.connection)).toBe(OPENED);
    expect(frames.map(({ attributes }) => attributes.time)).toEqual(times.map(at));
    const ended = records.at(-1)!;
    expect(readPayload('recording.ended.v1', ended.value)).toEqual({
      frames: 4,
      from: OPENED,
      to: OPENED + 6e7,
    });
    expect(ended.attributes.time).toBe(IMPORTED);
  });

  it('keeps a frame as one of a gateway, sealed, with what the recording claims', () => {
    const of = recording();
    const original = frame('noon');
    const { attributes, value } = of.frame(
      'import-x',
      { ...original, protocol: 'ocpp1.6' },
      TURN,
      of.place(undefined),
    );
    const { sealed, ...rest } = attributes;
    expect(rest).toEqual({
      id: 'import-x',
      source: '0hoa1b2c3d0-k3x9qz',
      type: 'ocpp.frame.v1',
      tenant: 'default',
      subject: 'CP 1',
      time: OPENED,
      witness: 'import',
      connection: of.connection,
      sequence: 1,
      monotonic: 0,
      direction: 'csms-to-station',
      origin: 'csms',
      opcode: 'text',
      claimed: 'noon',
      protocol: 'ocpp1.6',
      inferred: 'direction',
    });
    expect(Buffer.from(value).toString()).not.toContain('SECRET');
    expect(unseal(value, sealed!, keys)).toEqual(original.bytes);
  });

  it('keeps the beginning of a frame that is too large', () => {
    const of = recording();
    const large = frame('noon', `"${'x'.repeat(5_000_000)}"`);
    const { attributes, value } = of.frame('import-x', large, TURN, of.place(0));
    expect(attributes).toMatchObject({ time: 0, claimed: 'noon', cut: { bytes: 5_000_002 } });
    expect(value.length).toBe(64 * 1024);
  });
});
