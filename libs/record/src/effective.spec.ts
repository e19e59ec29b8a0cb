import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes } from './attributes.ts';
import { compareEffective, effectivePlace, effectiveTime } from './effective.ts';
import { connectionId, openedAt, recordId, runId } from './ids.ts';
import { anyAttributes } from './testing/attributes.ts';

const run = runId(1_000_000, 'abc123');
const opened = 1_795_000_000_000_000;
const connection = connectionId(opened, run, 3);
const at = (sequence: number, monotonic: number, time: number): Attributes => ({
  id: recordId(connection, sequence),
  source: run,
  type: 'ocpp.frame.v1',
  tenant: 'default',
  time,
  witness: 'wire',
  connection,
  sequence,
  monotonic,
});

describe('identities', () => {
  it('carry their time, and text order is time order', () => {
    const time = fc.integer({ min: 0, max: 8_000_000_000_000_000 });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [first, second] = [connectionId(a, run, 0), connectionId(b, run, 0)];
        expect(openedAt(first)).toBe(a);
        expect(first < second).toBe(a < b);
      }),
    );
  });

  it('not of ours have no time', () => {
    expect(openedAt('')).toBeNaN();
    expect(openedAt('some-foreign-id')).toBeNaN();
    expect(openedAt('zzzzzzzzzzz-abc123-1')).toBeNaN();
  });
});

describe('effective order', () => {
  it('does not follow a wall clock that steps', () => {
    const records = [at(0, 0, opened), at(1, 500, opened - 3_600_000_000), at(2, 900, opened + 10)];
    expect(records.map(effectiveTime)).toEqual([opened, opened + 500, opened + 900]);
  });

  it('goes by time, then connection, then sequence', () => {
    const other = { ...at(9, 500, 0), connection: connectionId(opened, run, 2) };
    const places = [at(2, 500, 0), at(1, 500, 0), other, at(0, 0, 0)].map(effectivePlace);
    expect(places.sort(compareEffective).map(({ sequence }) => sequence)).toEqual([0, 9, 1, 2]);
  });

  it('is an order', () => {
    fc.assert(
      fc.property(anyAttributes, anyAttributes, anyAttributes, (a, b, c) => {
        const [x, y, z] = [a, b, c].map(effectivePlace).sort(compareEffective);
        expect(compareEffective(x!, y!)).toBeLessThanOrEqual(0);
        expect(compareEffective(x!, z!)).toBeLessThanOrEqual(0);
        expect(Math.sign(compareEffective(x!, z!))).toBe(-Math.sign(compareEffective(z!, x!)) || 0);
      }),
    );
  });

  it('takes the receive time where there is no connection', () => {
    const { id, source, type, tenant, time, witness } = at(0, 5, 42);
    expect(effectiveTime({ id, source, type, tenant, time, witness })).toBe(42);
  });

  it('has a time for whatever a record claims', () => {
    const claim = fc.oneof(fc.double(), fc.maxSafeInteger(), fc.constantFrom(1e17, -1, Infinity, NaN));
    const id = fc.constantFrom(connection, 'zzzzzzzzzzz-abc123-1', '__proto__', undefined);
    fc.assert(
      fc.property(claim, claim, id, (time, monotonic, connection) => {
        const effective = effectiveTime({ ...at(0, monotonic, time), connection } as Attributes);
        expect(Number.isSafeInteger(effective) && effective >= 0).toBe(true);
      }),
    );
  });
});
