import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client';

/** So long it waits to begin again where a subscription was ended, as that of a reader who is too slow. */
const AGAIN = 3000;

/** Follows a subscription until it is left, whatever ends it meanwhile. @returns what leaves it */
export function follow<Data, Variables extends OperationVariables>(
  client: ApolloClient,
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  told: (data: Data) => void,
): () => void {
  let leave = () => undefined as unknown;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = () => {
    const again = () => {
      timer = setTimeout(begin, AGAIN);
    };
    const options = { query, variables } as unknown as ApolloClient.SubscribeOptions<Data, Variables>;
    const following = client.subscribe(options).subscribe({
      next: ({ data }) => {
        if (data) told(data);
      },
      error: again,
      complete: again,
    });
    leave = () => {
      following.unsubscribe();
    };
  };
  begin();
  return () => {
    clearTimeout(timer);
    leave();
  };
}
