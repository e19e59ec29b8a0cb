import { lazy, Suspense, useMemo } from 'react';
import { ScopedLink } from '../parts/ScopedLink.tsx';
import { Time } from '../parts/Time.tsx';
import { framePath } from '../scope/use-scope.ts';
import { curveOf, type Values } from './curve.ts';
import type { WholeTransaction } from './TransactionPage.tsx';

/** The chart library is the largest part of the page: it is loaded where a curve is shown. */
const Chart = lazy(() => import('./Chart.tsx'));

/** Register and power over time; the samples themselves are in a table, each with its frame. */
export function EnergyCurve({ transaction }: { readonly transaction: WholeTransaction }) {
  const values = transaction.meterValues;
  const curve = useMemo(() => curveOf(transaction), [transaction]);
  const points = curve.registers.length + curve.powers.length;
  return (
    <section aria-labelledby="curve">
      <h2 id="curve">Meter values</h2>
      {points < 2 && (
        <p className="soft">
          {points === 0
            ? 'None was sent that can be drawn.'
            : `One reading so far, ${[...curve.registers, ...curve.powers].map(({ text }) => text).join()}; a curve needs two.`}
        </p>
      )}
      {points >= 2 && (
        <div className="chart">
          <Suspense fallback={null}>
            <Chart curve={curve} />
          </Suspense>
        </div>
      )}
      {values.length > 0 && <Samples values={values} />}
    </section>
  );
}

function Samples({ values }: { readonly values: Values }) {
  return (
    <details className="fold">
      <summary>{values.length === 1 ? 'One sample' : `${values.length} samples`}, as sent</summary>
      <table className="list samples">
        <thead>
          <tr>
            <th scope="col">Sampled</th>
            <th scope="col" className="right">
              Value
            </th>
            <th scope="col">Measurand</th>
            <th scope="col">Context</th>
          </tr>
        </thead>
        <tbody>
          {values.map(({ recordId, ordinal, sampledAt, value, unit, measurand, context, phase }) => (
            <tr key={`${recordId} ${ordinal}`}>
              <th scope="row">
                <ScopedLink to={framePath(recordId)}>
                  <Time at={sampledAt} form="clock" />
                </ScopedLink>
              </th>
              <td data-label="Value" className="right">
                {value} {unit}
              </td>
              <td data-label="Measurand">{[measurand, phase].filter(Boolean).join(' ') || 'not named'}</td>
              <td data-label="Context">{context ?? 'not named'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
