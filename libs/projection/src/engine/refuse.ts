import { type Folding, projectionId, type StampedFact, type StreamState } from '../projection.ts';
import type { TablesOfFacts } from './start.ts';

/**
 * Parks a projection that says what its table cannot hold, as if it had thrown: it stays as it was before
 * this batch, and nothing that it said in it is written.
 */
export function refuseUnfit(before: StreamState, folding: Folding, tables: TablesOfFacts): Folding {
  const unfit = new Map<string, string>();
  for (const stamped of folding.facts) {
    const complaint = tables.of(stamped).complaint(stamped.fact);
    if (complaint !== undefined) unfit.set(idOf(stamped), complaint);
  }
  return unfit.size === 0 ? folding : without(unfit, before, folding);
}

function without(
  unfit: ReadonlyMap<string, string>,
  before: StreamState,
  { state, facts }: Folding,
): Folding {
  const parked = { ...state.parked };
  const states = { ...state.states };
  const said = { ...state.said };
  for (const [id, complaint] of unfit) {
    const since = facts.find((fact) => idOf(fact) === id)?.position;
    if (since === undefined) continue;
    parked[id] = { since, recordId: '', error: `its fact is refused: ${complaint}` };
    states[id] = before.states[id];
    said[id] = before.said[id] ?? {};
  }
  const kept = facts.filter((fact) => !unfit.has(idOf(fact)));
  return { state: { ...state, parked, states, said }, facts: kept };
}

const idOf = ({ projection, version }: StampedFact) => projectionId({ name: projection, version });
