import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  getArgumentValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** So many values one question may give, by what it asks: at some fifty bytes each, 25 MB of JSON. */
export const MOST_VALUES = 500_000;
/** Further than anything in the schema reaches. */
export const MOST_DEPTH = 16;
/** A question of its own to the store counts as so many values. */
const QUESTION = 100;
/** So long a list counts that takes no `first`. */
const ASSUMED_LENGTH = 10;

export type Operation = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
};

/**
 * The values that an operation may give, counted as list lengths times fields, before it is run; whatever
 * introspection gives is not counted. @returns what is wrong with it where it is too much
 */
export function checkCost(operation: Operation): GraphQLError | undefined {
  try {
    new Counting(operation).count();
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** Where a selection stands: how often it is given, and whether its lists are the pieces of a page. */
type Place = { readonly times: number; readonly ofPage: boolean; readonly depth: number };

class Counting {
  readonly #operation: Operation;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  #spent = 0;

  constructor(operation: Operation) {
    this.#operation = operation;
    this.#fragments = new Map(
      operation.document.definitions
        .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
        .map((fragment) => [fragment.name.value, fragment]),
    );
  }

  count(): void {
    const { schema, document, operationName } = this.#operation;
    const asked = getOperationAST(document, operationName);
    const root = asked && schema.getRootType(asked.operation);
    if (root) this.#selections(asked.selectionSet, root, { times: 1, ofPage: false, depth: 0 });
  }

  #selections({ selections }: SelectionSetNode, type: GraphQLCompositeType, place: Place): void {
    if (place.depth > MOST_DEPTH) throw refused(`is more than ${MOST_DEPTH} levels deep`);
    for (const selection of selections) this.#selection(selection, type, place);
  }

  #selection(selection: SelectionNode, type: GraphQLCompositeType, place: Place): void {
    if (selection.kind === Kind.FIELD) {
      this.#field(selection, type, place);
      return;
    }
    // A spread costs something itself, so that fragments which spread each other come to an end.
    this.#spend(1);
    const within =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : this.#fragments.get(selection.name.value)?.selectionSet;
    if (within) this.#selections(within, type, { ...place, depth: place.depth + 1 });
  }

  #field(node: FieldNode, type: GraphQLCompositeType, { times, ofPage, depth }: Place): void {
    if (node.name.value.startsWith('__')) return;
    const field = hasFields(type) ? type.getFields()[node.name.value] : undefined;
    // What the schema does not have is validation's to tell.
    if (field === undefined) return;
    const first = this.#first(field, node);
    const isList = isListType(getNullableType(field.type));
    const length = first ?? (isList && !ofPage ? ASSUMED_LENGTH : 1);
    this.#spend(depth === 0 ? QUESTION : isList ? times * length : times);
    const inner = getNamedType(field.type);
    if (node.selectionSet && isCompositeType(inner))
      this.#selections(node.selectionSet, inner, {
        times: times * length,
        ofPage: first !== undefined && !isList,
        depth: depth + 1,
      });
  }

  #first(field: GraphQLField<unknown, unknown>, node: FieldNode): number | undefined {
    if (!field.args.some(({ name }) => name === 'first')) return undefined;
    try {
      const { first } = getArgumentValues(field, node, { ...this.#operation.variables });
      return typeof first === 'number' && first > 0 ? first : 1;
    } catch {
      return 1; // An argument that cannot be used: the question is refused for it.
    }
  }

  #spend(values: number): void {
    this.#spent += values;
    if (this.#spent > MOST_VALUES)
      throw refused(
        `may give more than ${MOST_VALUES} values (fields times the lengths of lists): ask for less with first, or for fewer fields`,
      );
  }
}

const hasFields = (type: GraphQLCompositeType) => isObjectType(type) || isInterfaceType(type);

const refused = (why: string) =>
  new GraphQLError(`the question ${why}`, { extensions: { code: 'TOO_MUCH', http: { status: 400 } } });
