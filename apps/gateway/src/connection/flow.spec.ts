import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Flow } from './flow.ts';

describe('the flow of one direction', () => {
  it('reads on exactly when half its bound is free again', () => {
    const flow = new Flow(100);
    flow.took(100, undefined);
    expect(flow.isPaused).toBe(false);
    flow.took(1, undefined);
    expect(flow.isPaused).toBe(true);
    flow.gave(50, undefined);
    expect(flow.isPaused).toBe(true);
    flow.gave(1, undefined);
    expect(flow.isPaused).toBe(false);
  });

  it('is never left paused when nothing is in hand', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { minLength: 1 }), (sizes) => {
        const flow = new Flow(500);
        for (const size of sizes) flow.took(size, undefined);
        for (const size of sizes) flow.gave(size, undefined);
        expect(flow.isPaused).toBe(false);
      }),
    );
  });
});
