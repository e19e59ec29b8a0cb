import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { Failure } from '../parts/Failure.tsx';
import { Loading } from '../parts/Loading.tsx';
import type { ProofFragment } from '../questions/generated.ts';
import { Proof } from './Proof.tsx';
import type { Shown } from './shown.ts';

type State = {
  readonly proof?: ProofFragment | undefined;
  readonly error?: Error;
  readonly answered: boolean;
};

/** The frames behind a figure, at the positions at which the figure was read. Escape closes it. */
export function EvidenceDrawer({ shown, onClose }: { readonly shown: Shown; readonly onClose: () => void }) {
  const client = useApolloClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const [state, setState] = useState<State>({ answered: false });
  const [asked, setAsked] = useState(0);

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  useEffect(() => {
    let isCurrent = true;
    const tell = (next: State) => {
      if (isCurrent) setState(next);
    };
    shown.question(client).then(
      (proof) => {
        tell({ proof, answered: true });
      },
      (error: unknown) => {
        tell({ error: error as Error, answered: true });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [client, shown, asked]);

  return (
    <dialog ref={dialog} className="drawer" aria-labelledby="drawer-title" closedby="any" onClose={onClose}>
      <header>
        <div>
          <p className="above">The frames behind</p>
          <h2 id="drawer-title">{shown.title}</h2>
        </div>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      {!state.answered && <Loading what="the frames" lines={4} />}
      {state.error && (
        <Failure
          error={state.error}
          again={() => {
            setAsked(asked + 1);
          }}
        />
      )}
      {state.answered && !state.error && <Proof proof={state.proof} onLeave={onClose} />}
    </dialog>
  );
}
