import { describe, expect, it } from 'vitest';
import type { Projection } from '../projection.ts';
import type { Checks } from './checks.ts';
import { checkProjection } from './checks.ts';
import type { Digest } from './digest.ts';
import { digestFault } from './digest.ts';

const MINUTES = 60_000;

/** The generated spec (DESIGN 5): what must hold of any projection, whatever it says. */
export function projectionSpec(
  projection: Projection,
  { digest, ...options }: Partial<Checks> & { readonly digest: Digest },
): void {
  const cases = options.cases ?? 350;

  describe(`${projection.name}: generated spec`, () => {
    it(
      `says the same once, twice, split, killed and restarted, and in any order, in ${cases} hard cases`,
      () => {
        const { failure, hardCases, refolds } = checkProjection(projection, { ...options, cases });
        expect(failure).toBeUndefined();
        // Nearly every case has a stepped clock, a second run's tick, a late spool, a retroactive decision, a
        // re-sent record, a recording and one that was cut off; a cut one may have nothing new to add.
        expect(hardCases).toBeGreaterThan(0.98 * cases);
        expect(refolds).toBeGreaterThan(projection.of === 'station' ? cases : -1);
      },
      2 * MINUTES,
    );

    it('says of the fixed corpus what its version always said', () => {
      expect(digestFault(projection, digest, options.dressed)).toBeUndefined();
    });
  });
}
