import { type ASTNode, type GraphQLError, Kind, parse, visit } from 'graphql';

/**
 * The argument an error is about, as `filter.direction` or `$asOf`; undefined where it is about none.
 * GraphQL's own errors name a place in the question, or speak of the argument in words.
 */
export function argumentOf(error: GraphQLError): string | undefined {
  const [node] = error.nodes ?? [];
  if (node?.kind === Kind.VARIABLE_DEFINITION) return variablePath(error.message, node.variable.name.value);
  return (node && argumentAt(error, node)) ?? /argument "(\w+)"/.exec(error.message)?.[1];
}

const variablePath = (message: string, name: string) => `$${/ at "([\w.[\]]+)"/.exec(message)?.[1] ?? name}`;

function argumentAt({ source }: GraphQLError, { loc }: ASTNode): string | undefined {
  if (source === undefined || loc === undefined) return undefined;
  const names: string[] = [];
  const note = (node: { readonly name: { readonly value: string }; readonly loc?: typeof loc }) => {
    if (node.loc && node.loc.start <= loc.start && loc.end <= node.loc.end) names.push(node.name.value);
  };
  visit(parse(source), { Argument: { enter: note }, ObjectField: { enter: note } });
  return names.length === 0 ? undefined : names.join('.');
}
