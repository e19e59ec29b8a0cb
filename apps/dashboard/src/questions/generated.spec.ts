import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GENERATED, generated } from '../../generate.ts';

it('the documents are those of the questions and the schema: node apps/dashboard/generate.ts writes them', async () => {
  expect(readFileSync(GENERATED, 'utf8')).toBe(await generated());
});
