import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema } from 'graphql';

const FOLDER = join(import.meta.dirname, '../../schema');

/** The schema as its files have it: `Query` is told in all of them. */
export function apiSchema(): GraphQLSchema {
  const files = readdirSync(FOLDER).map((file) => readFileSync(join(FOLDER, file), 'utf8'));
  const parts = files.map((text) => text.replace(/^type Query \{/m, 'extend type Query {'));
  return buildSchema(['type Query', ...parts].join('\n'));
}
