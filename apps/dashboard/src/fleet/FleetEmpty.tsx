import { Empty } from '../parts/Empty.tsx';
import { useScope } from '../scope/use-scope.ts';

export function FleetEmpty() {
  const { asOf } = useScope();
  if (asOf !== undefined)
    return (
      <Empty title="Nothing was recorded by then.">
        <p>Choose a later moment above, or go back to now.</p>
      </Empty>
    );
  return (
    <Empty title="No station has been recorded yet.">
      <p>
        Point a charger at <code>ws://{location.hostname}:9220/ocpp/STATION</code>, import a recording with{' '}
        <code>npx chargeproof import FILE</code>, or see a simulated fleet with <code>npm run demo</code>.
      </p>
    </Empty>
  );
}
