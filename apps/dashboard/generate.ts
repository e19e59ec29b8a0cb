// Types of the page's questions, out of the API's schema: `node generate.ts` writes them, a spec holds them fresh.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as documentNodes from '@graphql-codegen/typed-document-node';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';

const root = import.meta.dirname;
export const GENERATED = join(root, 'src/questions/generated.ts');

const read = (pattern: string) =>
  globSync(pattern, { cwd: root })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** `Query` and `Mutation` are told in several files of the schema. */
function schemaText(): string {
  const files = read('../api/schema/*.graphql');
  const parts = files.map(({ text }) => text.replace(/^type (Query|Mutation) \{/gm, 'extend type $1 {'));
  return ['type Query', 'type Mutation', ...parts].join('\n');
}

const SCALARS = {
  DateTime: 'string',
  Long: 'string',
  Decimal: 'string',
  Base64: 'string',
  ID: 'string',
  JSON: 'unknown',
};

/** What `src/questions/generated.ts` has to be. */
export async function generated(): Promise<string> {
  const text = await codegen({
    filename: GENERATED,
    schema: parse(schemaText()),
    documents: read('src/questions/*.graphql').map((file) => ({
      location: file.path,
      document: parse(file.text, { noLocation: true }),
    })),
    config: {
      scalars: SCALARS,
      strictScalars: true,
      useTypeImports: true,
      skipTypename: true,
      enumType: 'string-literal',
      dedupeFragments: true,
      documentMode: 'documentNode',
    },
    plugins: [{ operations: {} }, { documentNodes: {} }],
    pluginMap: { operations, documentNodes },
  });
  return `/* eslint-disable */ // Written by generate.ts.\n${text}`;
}

if (import.meta.main) writeFileSync(GENERATED, await generated());
