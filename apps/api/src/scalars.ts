import { formatMicros, type Micros, parseMicros } from '@chargeproof/record';
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** A scalar that travels as a string and is something else inside. */
function textScalar<Inside>(
  name: string,
  write: (inside: Inside) => string,
  read: (text: string) => Inside,
): GraphQLScalarType<Inside, string> {
  const parseText = (value: unknown): Inside => {
    if (typeof value !== 'string') throw new GraphQLError(`${name} is given as a string`);
    return read(value);
  };
  return new GraphQLScalarType<Inside, string>({
    name,
    serialize: (inside) => write(inside as Inside),
    parseValue: parseText,
    parseLiteral: (node: ValueNode) => atNode(node, () => parseText(textOf(node))),
  });
}

const DateTimeScalar = textScalar<Micros>('DateTime', formatMicros, (text) => {
  const time = parseMicros(text);
  if (time === undefined) {
    throw new GraphQLError(`DateTime is RFC 3339 with a zone, as 2026-11-21T09:43:18Z; this is "${text}"`);
  }
  return withinReach(time);
});

const textOf = (node: ValueNode) => (node.kind === Kind.STRING ? node.value : undefined);

/** An error about a literal knows where that stands, so that its argument can be named. */
function atNode<Result>(node: ValueNode, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new GraphQLError(error instanceof Error ? error.message : String(error), { nodes: node });
  }
}

/** Nothing is recorded before 1970 or after 2255: a time beyond is as good as the nearest that numbers hold. */
export function withinReach(time: Micros): Micros {
  return Math.min(Math.max(time, 0), Number.MAX_SAFE_INTEGER);
}

const LongScalar = textScalar<bigint | number | string>('Long', String, (text) => {
  if (!/^-?\d{1,19}$/.test(text))
    throw new GraphQLError(`Long is a whole number in a string; this is "${text}"`);
  return BigInt(text);
});

const Base64Scalar = textScalar<Uint8Array>(
  'Base64',
  (bytes) => Buffer.from(bytes).toString('base64'),
  (text) => Buffer.from(text, 'base64'),
);

/** Written as they are: whoever computes them has them as text already. */
const DecimalScalar = textScalar<string>('Decimal', String, (text) => {
  if (!/^-?\d+(\.\d+)?$/.test(text))
    throw new GraphQLError(`Decimal is a decimal number in a string, as "12.5"; this is "${text}"`);
  return text;
});

const JsonScalar = new GraphQLScalarType<unknown>({ name: 'JSON' });

export const SCALARS = {
  DateTime: DateTimeScalar,
  Long: LongScalar,
  Base64: Base64Scalar,
  Decimal: DecimalScalar,
  JSON: JsonScalar,
};
