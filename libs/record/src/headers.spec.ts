import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes } from './attributes.ts';
import { fromHeaders, toHeaders } from './headers.ts';
import { anyAttributes } from './testing/attributes.ts';

const frame: Attributes = {
  id: '0hoa1b2c3d4-k3x9qz-c/17',
  source: '0hoa1b2c3d0-k3x9qz',
  type: 'ocpp.frame.v1',
  tenant: 'default',
  subject: 'CP 1/ü',
  time: Date.parse('2026-11-21T09:42:00.123Z') * 1000 + 4,
  witness: 'wire',
  connection: '0hoa1b2c3d4-k3x9qz-c',
  sequence: 17,
  monotonic: 0,
  protocol: 'ocpp1.6',
  direction: 'station-to-csms',
  origin: 'station',
  opcode: 'text',
};

describe('headers', () => {
  it('give back exactly the attributes they were written from', () => {
    fc.assert(
      fc.property(anyAttributes, (attributes) => {
        expect(fromHeaders(toHeaders(attributes))).toEqual(attributes);
      }),
    );
  });

  it('are those of CloudEvents in binary mode', () => {
    expect(toHeaders(frame)).toEqual({
      'content-type': 'text/plain; charset=utf-8',
      ce_specversion: '1.0',
      ce_id: '0hoa1b2c3d4-k3x9qz-c/17',
      ce_source: '0hoa1b2c3d0-k3x9qz',
      ce_type: 'ocpp.frame.v1',
      ce_tenant: 'default',
      ce_subject: 'CP 1/ü',
      ce_time: '2026-11-21T09:42:00.123004Z',
      ce_witness: 'wire',
      ce_connection: '0hoa1b2c3d4-k3x9qz-c',
      ce_sequence: '17',
      ce_monotonic: '0',
      ce_protocol: 'ocpp1.6',
      ce_direction: 'station-to-csms',
      ce_origin: 'station',
      ce_opcode: 'text',
    });
  });

  it('pass over headers that are not ours', () => {
    expect(fromHeaders({ ...toHeaders(frame), traceparent: '00-1-2-01' })).toEqual(frame);
  });

  it.each(['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_tenant', 'ce_time', 'ce_witness'])(
    'without %s are refused by its name',
    (name) => {
      const others = Object.fromEntries(Object.entries(toHeaders(frame)).filter(([each]) => each !== name));
      expect(() => fromHeaders(others)).toThrow(name);
    },
  );

  it.each([
    ['ce_type', 'ocpp.frame.v9'],
    ['ce_time', 'yesterday'],
    ['ce_time', '2026-02-29T00:00:00.000000Z'],
    ['ce_sequence', 'one'],
    ['ce_sequence', ''],
    ['ce_sequence', ' '],
    ['ce_sequence', '0x10'],
    ['ce_monotonic', '1e3'],
    ['ce_direction', 'up'],
    ['ce_sealed', '[2,[]]'],
    ['ce_cut', '{"bytes":"1"}'],
    ['ce_cut', '{'],
  ])('with %s %s are refused', (name, value) => {
    const headers = { ...toHeaders(frame), [name]: value };
    expect(() => fromHeaders(headers)).toThrow(expect.objectContaining({ name: 'UnreadableRecord' }));
  });
});
