import { toLocalInput } from '../writing/time.ts';
import { DEFAULT_SPAN, type Period, type Span, SPANS } from './use-period.ts';
import { useSearch } from './use-search.ts';

const CHOSEN = 'chosen';

/** Which time the figures are of. */
export function PeriodControl({ period }: { readonly period: Period }) {
  const [parameters, setParameters] = useSearch();
  const isChosen = parameters.has('from') && parameters.has('to');
  const set = (given: Readonly<Record<string, string>>) => {
    setParameters((next) => {
      for (const name of ['last', 'from', 'to', 'after']) next.delete(name);
      for (const [name, value] of Object.entries(given)) next.set(name, value);
    });
  };
  const choose = (choice: string) => {
    if (choice === CHOSEN) set({ from: period.from, to: period.to });
    else set(choice === DEFAULT_SPAN ? {} : { last: choice });
  };
  return (
    <div className="period">
      <label>
        <span className="unseen">Period</span>
        <select
          value={isChosen ? CHOSEN : (parameters.get('last') ?? DEFAULT_SPAN)}
          onChange={({ target }) => {
            choose(target.value);
          }}
        >
          {(Object.keys(SPANS) as Span[]).map((span) => (
            <option key={span} value={span}>
              {SPANS[span].label}
            </option>
          ))}
          <option value={CHOSEN}>From … to …</option>
        </select>
      </label>
      {isChosen &&
        (['from', 'to'] as const).map((end) => (
          <label key={end}>
            <span className="unseen">{end === 'from' ? 'From' : 'To'}</span>
            <input
              type="datetime-local"
              step="1"
              value={toLocalInput(new Date(period[end]))}
              onChange={({ target }) => {
                if (target.value === '') return;
                set({ from: period.from, to: period.to, [end]: new Date(target.value).toISOString() });
              }}
            />
          </label>
        ))}
    </div>
  );
}
