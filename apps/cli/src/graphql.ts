/** Asks the platform a question as anybody would, over HTTP. @throws Error with the server's own messages */
export async function ask<Answer>(
  address: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answer> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: Answer; errors?: readonly { message: string }[] };
  if (body.errors !== undefined) throw new Error(body.errors.map(({ message }) => message).join('; '));
  if (body.data === undefined) throw new Error(`${address}/graphql answered ${response.status} without data`);
  return body.data;
}
