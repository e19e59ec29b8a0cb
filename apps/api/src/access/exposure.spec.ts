import { describe, expect, it } from 'vitest';
import { checkExposure } from './exposure.ts';

const check = (host: string, open: boolean, token?: string) => checkExposure({ host, open, token });

describe('exposure of the record', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('to %s is nobody else', (host) => {
    expect(check(host, false)).toBeUndefined();
  });

  it.each(['0.0.0.0', '::', '192.168.1.2', '127.evil.example', '::ffff:10.0.0.1'])(
    'to %s needs a token, or to be meant, and is then warned about',
    (host) => {
      expect(() => check(host, false)).toThrow(/CHARGEPROOF_API_OPEN=true/);
      expect(check(host, true)).toMatch(/^open to everybody/);
      expect(check(host, false, 'a token of theirs')).toBeUndefined();
    },
  );
});
