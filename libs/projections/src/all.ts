import { type Projection, projectionId } from '@chargeproof/projection';
import { configuration } from './configuration/configuration.ts';
import { connections } from './connections/connections.ts';
import { coverage } from './coverage/coverage.ts';
import { exchanges } from './exchanges/exchanges.ts';
import { findings } from './findings/findings.ts';
import { meterValues } from './meter-values/meter-values.ts';
import { stations } from './stations/stations.ts';
import { status } from './status/status.ts';
import { subjects } from './subjects/subjects.ts';
import { transactionFrames } from './transactions/transaction-frames.ts';
import { transactions } from './transactions/transactions.ts';
import { witnesses } from './witnesses/witnesses.ts';

/** Every projection that a platform runs. */
export const PROJECTIONS: readonly Projection[] = [
  connections,
  exchanges,
  coverage,
  findings,
  stations,
  configuration,
  status,
  transactions,
  transactionFrames,
  meterValues,
  witnesses,
  subjects,
];

/** How checkpoints and parkings name them: what others say, or said in another version, answers nothing. */
export const ANSWERING: readonly string[] = PROJECTIONS.map(projectionId);
