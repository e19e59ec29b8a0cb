import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { area, BadSettings, effectiveSettings, readSettings, secret, shownUrl } from './settings.ts';

const door = area('door', {
  port: z.coerce.number().int().default(80).describe('port to listen on'),
  maxGuests: z.coerce.number().int().min(1).max(9).default(3),
  password: secret(z.string().default('')),
  bell: z.string().optional(),
  key: z.string().min(16).optional(),
  lock: z.enum(['open', 'shut']).optional(),
  sign: z
    .string()
    .refine((text) => text === 'ours', 'is no sign of ours')
    .optional(),
});

const problemsOf = (environment: Record<string, string>) => {
  try {
    readSettings(environment, { door });
  } catch (error) {
    if (error instanceof BadSettings) return error.problems;
  }
  return [];
};

describe('a URL as anybody may read it', () => {
  it.each([
    ['ws://csms/ocpp', 'ws://csms/ocpp'],
    ['ws://me:hunter2@csms/ocpp', 'ws://***@csms/ocpp'],
    ['wss://me:hun@ter2@csms:8/{station}', 'wss://***@csms:8/{station}'],
    ['ws://csms/ocpp?token=hunter2', 'ws://csms/ocpp?***'],
    ['ws://csms?hunter2@x', 'ws://csms?***'],
    ['.chargeproof/data?', '.chargeproof/data?'],
  ])('%s is %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });
});

describe('settings', () => {
  it('come from variables named after their area, and from defaults', () => {
    expect(readSettings({ CHARGEPROOF_DOOR_MAX_GUESTS: '7' }, { door })).toEqual({
      door: { port: 80, maxGuests: 7, password: '' },
    });
  });

  it('take an empty variable for an absent one', () => {
    expect(readSettings({ CHARGEPROOF_DOOR_PORT: '' }, { door }).door.port).toBe(80);
  });

  it('name every bad variable at once, with what it is for', () => {
    expect(problemsOf({ CHARGEPROOF_DOOR_PORT: 'front', CHARGEPROOF_DOOR_MAX_GUESTS: '0' })).toEqual([
      'CHARGEPROOF_DOOR_PORT: takes a number (port to listen on)',
      'CHARGEPROOF_DOOR_MAX_GUESTS: takes at least 1',
    ]);
  });

  it.each([
    ['PORT', '8.5', 'takes a whole number (port to listen on)'],
    ['MAX_GUESTS', '10', 'takes at most 9'],
    ['KEY', 'short', 'takes at least 16 characters'],
    ['LOCK', 'broken', 'takes one of open, shut'],
    ['SIGN', 'x', 'is no sign of ours'],
  ])('say what %s takes in place of %s', (member, value, said) => {
    expect(problemsOf({ [`CHARGEPROOF_DOOR_${member}`]: value })).toEqual([
      `CHARGEPROOF_DOOR_${member}: ${said}`,
    ]);
  });

  it('refuse a variable of ours that nobody knows, and name the nearest', () => {
    expect(problemsOf({ CHARGEPROOF_DOOR_GUESTS: '2' })).toEqual([
      'CHARGEPROOF_DOOR_GUESTS is no setting of ours; the nearest is CHARGEPROOF_DOOR_MAX_GUESTS',
    ]);
  });

  it('name the nearest of a word that is misspelt', () => {
    expect(problemsOf({ CHARGEPROOF_DOOR_PASWORD: 'x' })).toEqual([
      'CHARGEPROOF_DOOR_PASWORD is no setting of ours; the nearest is CHARGEPROOF_DOOR_PASSWORD',
    ]);
  });

  it("leave other people's variables alone", () => {
    expect(problemsOf({ PATH: '/bin', DOOR_PORT: 'x' })).toEqual([]);
  });

  it('are printed with secrets masked', () => {
    const settings = readSettings(
      { CHARGEPROOF_DOOR_PASSWORD: 'hunter2', CHARGEPROOF_DOOR_BELL: 'ws://me:hunter2@csms/ocpp' },
      { door },
    );
    const printed = effectiveSettings({ door }, settings);
    expect(printed.CHARGEPROOF_DOOR_PASSWORD).toBe('***');
    expect(JSON.stringify(printed)).not.toContain('hunter2');
    expect(printed.CHARGEPROOF_DOOR_PORT).toBe('80');
    expect(printed.CHARGEPROOF_DOOR_BELL).toBe('ws://***@csms/ocpp');
  });
});
