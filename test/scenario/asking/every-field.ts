import type { QueryProcess } from './query-process.ts';

type TypeRef = { readonly kind: string; readonly name: string | null; readonly ofType?: TypeRef | null };
type Argument = { readonly name: string; readonly type: TypeRef };
type Field = { readonly name: string; readonly type: TypeRef; readonly args: readonly Argument[] };
type Type = {
  readonly kind: string;
  readonly name: string;
  readonly fields: readonly Field[] | null;
  readonly inputFields: readonly Argument[] | null;
};
type Introspected = { readonly __schema: { readonly types: readonly Type[] } };

const REF = 'kind name ofType { kind name ofType { kind name ofType { kind name } } }';
const SCHEMA = `{ __schema { types { kind name
  inputFields { name type { ${REF} } }
  fields { name type { ${REF} } args { name type { ${REF} } } }
} } }`;

/** What every question is asked about. Times as `2026-11-21T09:43:18Z`. */
export type Subject = {
  readonly station: readonly string[];
  readonly from: string;
  readonly to: string;
};

/** Lists in a page are so long. */
const LIST = 1;
/** A first page of few gives everything; longer ones follow without evidence, which asks the store for each node. */
const LENGTH = { first: 20, further: 500 };

/** A question of the schema with every field that it can give, all the way down. */
export type Question = {
  readonly name: string;
  readonly takes: ReadonlySet<string>;
  readonly isPaged: boolean;
  /** Its variables are `asOf` and, of a page, `after`. */
  readonly of: (subject: Subject, page: 'first' | 'further') => string;
};

/** The schema's questions that are about a station, and about nothing else that must be named. */
export async function everyQuestion(api: Pick<QueryProcess, 'ask'>): Promise<readonly Question[]> {
  const { types } = (await api.ask<Introspected>(SCHEMA)).__schema;
  const schema = new Map(types.map((type) => [type.name, type]));
  const questions = schema.get('Query')?.fields ?? [];
  return questions
    .map((field) => questionOf(schema, field))
    .filter(({ takes }) => takes.has('station') && !takes.has('standIn'));
}

type Schema = ReadonlyMap<string, Type>;

function questionOf(schema: Schema, { name, type, args }: Field): Question {
  const filter = args.find((arg) => arg.name === 'filter');
  const members = filter === undefined ? args : (typeOf(schema, filter.type).inputFields ?? []);
  const takes = new Set([...args, ...members].map((arg) => arg.name));
  const isPaged = takes.has('after');
  const fields = { first: selectionOf(schema, typeOf(schema, type)), further: '' };
  if (isPaged) fields.further = selectionOf(schema, typeOf(schema, type), asksForNoNode);
  return {
    name,
    takes,
    isPaged,
    of: (subject, page) => {
      const given = members
        .filter((arg): arg is Argument & { name: keyof Subject } => arg.name in subject)
        .map((arg) => `${arg.name}: ${JSON.stringify(subject[arg.name])}`)
        .join(', ');
      const asked = filter === undefined ? given : `filter: { ${given} }`;
      const list = isPaged ? `first: ${LENGTH[page]}, after: $after` : '';
      const variables = isPaged ? '$asOf: String, $after: String' : '$asOf: String';
      return `query (${variables}) { answer: ${name}(${asked}, asOf: $asOf, ${list}) ${fields[page]} }`;
    },
  };
}

/** What is read for a page at once, and not for each of its nodes. */
const asksForNoNode = ({ name, args }: Field) =>
  name !== 'evidence' && !args.some((arg) => arg.name === 'first');

function selectionOf(schema: Schema, type: Type, isWanted: (field: Field) => boolean = () => true): string {
  const all = type.fields ?? [];
  // A page's edges hold the nodes that it has anyway; how whole a figure's record is, is a question of its own.
  const isAgain = ({ name }: Field) =>
    name === 'completeness' || (name === 'nodes' && all.some((field) => field.name === 'edges'));
  const fields = all
    .filter((field) => !isAgain(field) && isWanted(field))
    .map((field) => {
      const within = typeOf(schema, field.type);
      const list = field.args.some(({ name }) => name === 'first') ? `(first: ${LIST})` : '';
      return `${field.name}${list} ${within.fields === null ? '' : selectionOf(schema, within, isWanted)}`;
    });
  return `{ ${fields.join(' ')} }`;
}

function typeOf(schema: Schema, ref: TypeRef): Type {
  if (ref.ofType) return typeOf(schema, ref.ofType);
  const type = schema.get(ref.name ?? '');
  if (type === undefined) throw new Error(`the schema has no type ${ref.name ?? ''}`);
  return type;
}

type Page = {
  readonly readAt: string;
  readonly pageInfo?: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/**
 * The whole answer, page by page.
 * @param asOf the `readAt` of an earlier one
 * @throws Error with the server's messages
 */
export async function answerTo(
  api: Pick<QueryProcess, 'ask'>,
  question: Question,
  subject: Subject,
  asOf?: string,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let after: string | null | undefined;
  do {
    const text = question.of(subject, after === undefined ? 'first' : 'further');
    const variables = question.isPaged ? { asOf, after } : { asOf };
    const { answer }: { answer: Page } = await api.ask(text, variables);
    pages.push(answer);
    after = answer.pageInfo?.hasNextPage === true ? answer.pageInfo.endCursor : undefined;
  } while (after !== undefined);
  return pages;
}
