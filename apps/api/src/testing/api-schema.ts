import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema } from 'graphql';

const FOLDER = join(import.meta.dirname, '../../schema');

/** The schema as its files have it: `Query` and `Mutation` are told in several of them. */
export function apiSchema(): GraphQLSchema {
  const files = readdirSync(FOLDER).map((file) => readFileSync(join(FOLDER, file), 'utf8'));
  const parts = files.map((text) => text.replace(/^type (Query|Mutation) \{/gm, 'extend type $1 {'));
  return buildSchema(['type Query', 'type Mutation', ...parts].join('\n'));
}
