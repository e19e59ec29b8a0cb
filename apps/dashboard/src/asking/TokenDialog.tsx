import { useEffect, useRef, useState } from 'react';
import { askBy } from './token.ts';

/** Asks for the API's token when it is asked for: there is no page without it. */
export function TokenDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const given = useRef<(token: string) => void>(undefined);
  const [written, setWritten] = useState('');
  useEffect(() => {
    askBy((whenGiven) => {
      given.current = whenGiven;
      dialog.current?.showModal();
    });
  }, []);
  return (
    <dialog
      ref={dialog}
      className="token"
      aria-labelledby="token-title"
      onCancel={(event) => {
        event.preventDefault();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          dialog.current?.close();
          given.current?.(written.trim());
        }}
      >
        <h2 id="token-title">This platform asks for its token</h2>
        <p>It is the one in CHARGEPROOF_API_TOKEN where it was started. This browser keeps it.</p>
        <label>
          Token
          <input
            type="password"
            autoComplete="current-password"
            required
            value={written}
            onChange={({ target }) => {
              setWritten(target.value);
            }}
          />
        </label>
        <button type="submit" className="button">
          Ask with it
        </button>
      </form>
    </dialog>
  );
}
