import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AREAS, settingsReference } from '@chargeproof/config';
import { describe, expect, it } from 'vitest';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/reference/settings.md'), 'utf8');
/** Table rows as cells, so that the formatter's padding does not matter. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );

describe('docs/reference/settings.md', () => {
  it.each(settingsReference(AREAS))('names $variable with its default and what it does', (setting) => {
    expect(rows).toContainEqual([setting.variable, setting.default, setting.what]);
  });

  it('names no setting that is none', () => {
    const named = rows.map(([name]) => name ?? '').filter((name) => name.startsWith('CHARGEPROOF_'));
    expect(named.toSorted()).toEqual(
      settingsReference(AREAS)
        .map(({ variable }) => variable)
        .toSorted(),
    );
  });
});
