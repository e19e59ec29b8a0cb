import { expect, it } from 'vitest';
import type { Commanded } from './asking.ts';
import { commandText } from './told.ts';

const COMMAND: Commanded = {
  id: 'c-1',
  tenant: 'default',
  station: 'CP-1',
  action: 'Reset',
  state: 'ANSWERED',
  accepted: true,
  why: null,
  answer: { status: 'Accepted' },
  expiresAt: '2026-11-21T12:00:30Z',
};

it.each<[Partial<Commanded>, string]>([
  [{}, 'was answered: {"status":"Accepted"}'],
  [{ state: 'SENT', answer: null }, 'is sent; no answer yet'],
  [
    { state: 'REFUSED', answer: null, why: 'relayed' },
    'was not sent (its CSMS answers this station: ask that one)',
  ],
  [
    { state: 'REFUSED', answer: null, why: 'station-speaks-ocpp2.0.1' },
    'was not sent (the station speaks ocpp2.0.1: --protocol ocpp2.0.1)',
  ],
  [{ state: 'REFUSED', answer: null, why: 'of-a-later-release' }, 'was not sent (of-a-later-release)'],
])('%j is told as: %s', (told, text) => {
  expect(commandText({ ...COMMAND, ...told })).toBe(`CP-1 Reset ${text}\nc-1\n`);
});
