import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relayedClose } from './close-codes.ts';

describe('a relayed close', () => {
  it.each([1000, 1001, 1003, 1008, 1011, 1012, 1013, 3000, 4999])('%d goes on as it came', (code) => {
    const reason = Buffer.from([0xff, 0xfe]);
    expect(relayedClose(code, reason)).toEqual({ code, reason });
  });

  it('1005 goes on as a close without a code', () => {
    expect(relayedClose(1005, Buffer.alloc(0))).toEqual({});
  });

  it.each([1004, 1006, 1015])('%d, which no frame can hold, becomes a peer that went away', (code) => {
    expect(relayedClose(code, Buffer.alloc(0))).toMatchObject({ code: 1001 });
  });

  it('is always one that ws can send', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), (code) => {
        const sent = relayedClose(code, Buffer.alloc(0)).code ?? 1000;
        expect(
          (sent >= 1000 && sent <= 1014 && ![1004, 1005, 1006].includes(sent)) ||
            (sent >= 3000 && sent <= 4999),
        ).toBe(true);
      }),
    );
  });
});
