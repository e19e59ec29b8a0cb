import { Pager } from '../parts/Pager.tsx';
import { ReadAt } from '../parts/ReadAt.tsx';
import type { FleetFiguresQuery, FleetQuery } from '../questions/generated.ts';
import type { Period } from '../scope/use-period.ts';
import { useParameter, useScope } from '../scope/use-scope.ts';
import { grouped } from '../writing/decimal.ts';
import { Behind } from './Behind.tsx';
import { FleetEmpty } from './FleetEmpty.tsx';
import { FleetTable } from './FleetTable.tsx';
import { fleetRows, narrowed } from './rows.ts';

type Props = {
  readonly fleet: FleetQuery;
  readonly figures: FleetFiguresQuery | undefined;
  readonly period: Period;
};

export function FleetList({ fleet, figures, period }: Props) {
  const { asOf } = useScope();
  const [text] = useParameter('text');
  const [show] = useParameter('show');
  const { totalCount, pageInfo, readAt } = fleet.stations;
  const rows = fleetRows(fleet, figures, period);
  return (
    <>
      {rows.length === 0 ? (
        <FleetEmpty />
      ) : (
        <FleetTable rows={narrowed(rows, text, show)} period={period} readAt={readAt} />
      )}
      <Pager pageInfo={pageInfo} />
      <footer className="view-foot">
        <p className="soft">
          {totalCount === '1' ? 'One station' : `${grouped(totalCount)} stations`}; figures of: {period.label}
          . {asOf === undefined && <Behind />}
        </p>
        <ReadAt readAt={readAt} period={period} />
      </footer>
    </>
  );
}
