import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { useScopeLink } from './use-scope-link.ts';

/** What went wrong, and what can be done about it. */
export function Failure({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  const now = useScopeLink();
  const ofAsOf =
    CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.argument === 'asOf');
  return (
    <div className="notice" role="alert">
      <p>
        <strong>No answer.</strong> {wordsOf(error)}
      </p>
      <div className="row">
        {again && (
          <button type="button" className="button" onClick={again}>
            Ask again
          </button>
        )}
        {ofAsOf && (
          <a className="button" href={now}>
            Ask as of now
          </a>
        )}
      </div>
    </div>
  );
}

function wordsOf(error: Error): string {
  if (CombinedGraphQLErrors.is(error)) return error.errors.map(({ message }) => message).join('; ');
  if (ServerError.is(error)) return `The API answered with ${error.statusCode}.`;
  return 'The API cannot be reached: is the platform running?';
}
