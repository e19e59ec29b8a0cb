import { Route, Switch } from 'wouter';
import { FindingsPage } from '../findings/FindingsPage.tsx';
import { FleetPage } from '../fleet/FleetPage.tsx';
import { FramePage } from '../frames/FramePage.tsx';
import { FramesPage } from '../frames/FramesPage.tsx';
import { StationPage } from '../station/StationPage.tsx';
import { TransactionPage } from '../transactions/TransactionPage.tsx';
import { TransactionsPage } from '../transactions/TransactionsPage.tsx';
import { useRest } from '../scope/use-search.ts';
import { Missing } from './Missing.tsx';

/** Each view by its URL. A view of another station, frame or transaction begins anew. */
export function Views() {
  const rest = useRest();
  return (
    <Switch>
      <Route path="/" component={FleetPage} />
      <Route path="/stations/:station">
        <StationPage key={rest} station={rest} />
      </Route>
      <Route path="/transactions" component={TransactionsPage} />
      <Route path="/transactions/*">
        <TransactionPage key={rest} id={rest} />
      </Route>
      <Route path="/frames" component={FramesPage} />
      <Route path="/frames/*">
        <FramePage key={rest} id={rest} />
      </Route>
      <Route path="/findings" component={FindingsPage} />
      <Route component={Missing} />
    </Switch>
  );
}
