import { Empty } from '../parts/Empty.tsx';
import { roveStops } from '../parts/roving.ts';
import type { Period } from '../scope/use-period.ts';
import { FleetLine } from './FleetLine.tsx';
import type { FleetRow } from './rows.ts';

type Props = { readonly rows: readonly FleetRow[]; readonly period: Period; readonly readAt: string };

export function FleetTable({ rows, period, readAt }: Props) {
  if (rows.length === 0)
    return (
      <Empty title="No station is like that.">
        <p>Empty the search, or show all stations.</p>
      </Empty>
    );
  return (
    <table className="list fleet">
      <caption className="unseen">Stations; arrow keys go from one to the next</caption>
      <thead>
        <tr>
          <th scope="col">Station</th>
          <th scope="col">Connectors</th>
          <th scope="col">Link</th>
          <th scope="col">Last seen</th>
          <th scope="col">Firmware</th>
          <th scope="col">Up</th>
          <th scope="col">Findings</th>
          <th scope="col">Record</th>
        </tr>
      </thead>
      <tbody onKeyDown={roveStops}>
        {rows.map((row) => (
          <FleetLine key={row.station} row={row} period={period} readAt={readAt} />
        ))}
      </tbody>
    </table>
  );
}
