import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { useState } from 'react';

export type Answer<Data, Variables = unknown> = {
  /** The newest there is: while a question is asked again, what was answered before stays. */
  readonly data: Data | undefined;
  /** What was asked for that answer: while it is asked again, not what is asked now. */
  readonly asked: Variables;
  readonly error: Error | undefined;
  /** Nothing was answered yet. */
  readonly isFirst: boolean;
  readonly again: () => void;
};

/** Asks, and asks again when a variable changes. */
export function useAnswer<Data, Variables extends OperationVariables>(
  question: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { skip = false }: { readonly skip?: boolean } = {},
): Answer<Data, Variables> {
  // Data and variables are typed by the document; useQuery's own overloads lose that in a generic place.
  const options = { variables, skip } as unknown as useQuery.Options<Data, Variables> & {
    variables: Variables;
  };
  const { data, previousData, error, refetch } = useQuery(question, options);
  const shown = data ?? previousData;
  const [answered, setAnswered] = useState(variables);
  if (data !== undefined && JSON.stringify(answered) !== JSON.stringify(variables)) setAnswered(variables);
  return {
    data: shown,
    asked: data === undefined ? answered : variables,
    error,
    isFirst: shown === undefined && error === undefined,
    again: () => {
      // Its failure is in `error`.
      refetch().catch(() => undefined);
    },
  };
}
