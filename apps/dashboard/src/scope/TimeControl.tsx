import { useRef, useState } from 'react';
import { timeText, toLocalInput } from '../writing/time.ts';
import { useScope } from './use-scope.ts';
import { useSearch } from './use-search.ts';

/** A `readAt` names positions; shortened for the button. */
const shortened = (asOf: string) =>
  Number.isNaN(Date.parse(asOf)) ? `${asOf.slice(0, 12)}…` : timeText(asOf);

/** Now, or what was known at an earlier moment: every question of the page is asked as of then. */
export function TimeControl() {
  const { asOf } = useScope();
  const [, setParameters] = useSearch();
  const popover = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState('');

  const go = (next: string | undefined) => {
    setProblem('');
    popover.current?.hidePopover();
    setParameters((parameters) => {
      if (next === undefined) parameters.delete('asOf');
      else parameters.set('asOf', next);
      parameters.delete('after');
    });
  };

  const submit = (form: FormData) => {
    const position = textOf(form, 'position');
    const moment = new Date(textOf(form, 'moment'));
    if (position !== '') go(position);
    else if (Number.isNaN(moment.getTime())) setProblem('Give a moment, or the positions of an answer.');
    else go(moment.toISOString());
  };

  return (
    <>
      <button type="button" className="button time" data-past={asOf !== undefined} popoverTarget="time">
        As of {asOf === undefined ? 'now' : shortened(asOf)} <span aria-hidden="true">▾</span>
      </button>
      <div id="time" popover="auto" ref={popover} className="popover" role="dialog" aria-label="Known when">
        <form action={submit}>
          <h2>What was known when</h2>
          <p className="soft">The whole page answers from what the record held by then.</p>
          <label>
            A moment
            <input name="moment" type="datetime-local" step="1" defaultValue={toLocalInput(new Date())} />
          </label>
          <label>
            or what an answer was read at
            <input name="position" className="code" placeholder="g0.…" autoComplete="off" />
          </label>
          {problem !== '' && <p role="alert">{problem}</p>}
          <div className="row">
            <button type="submit" className="button primary">
              Show
            </button>
            <button
              type="button"
              className="button"
              onClick={() => {
                go(undefined);
              }}
            >
              Now
            </button>
          </div>
        </form>
      </div>
    </>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
