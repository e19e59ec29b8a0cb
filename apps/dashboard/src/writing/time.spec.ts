import { describe, expect, it } from 'vitest';
import { agoText, spanText, timeText } from './time.ts';

describe('times as people read them', () => {
  it.each([
    [0n, '0 s'],
    [999_999n, 'under 1 s'],
    [59_000_000n, '59 s'],
    [60_000_000n, '1 min'],
    [11_520_000_000n, '3 h 12 min'],
    [86_400_000_000n + 5_000_000n, '1 d'],
  ])('%d µs is %s', (micros, text) => {
    expect(spanText(micros)).toBe(text);
  });

  it('leave what is no time as it was written', () => {
    expect(timeText('yesterday')).toBe('yesterday');
    expect(agoText('yesterday', 0)).toBe('yesterday');
  });

  it('say how long ago it was', () => {
    const now = Date.parse('2026-11-21T10:00:00Z');
    expect(agoText('2026-11-21T09:56:00.000000Z', now)).toBe('4 min ago');
    expect(agoText('2026-11-21T09:59:59.000000Z', now)).toBe('just now');
  });
});
