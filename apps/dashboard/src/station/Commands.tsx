import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfCommand } from '../evidence/of-station.ts';
import type { At } from '../evidence/question.ts';
import { Badge } from '../parts/Badge.tsx';
import { Time } from '../parts/Time.tsx';
import type { StationQuery } from '../questions/generated.ts';
import { grouped } from '../writing/decimal.ts';
import { stateOf } from './command-states.ts';

type Props = { readonly commands: StationQuery['commands']; readonly at: At };

/** What people asked the station to do, the last on top; each that was sent opens to its frames. */
export function Commands({ commands: { nodes, totalCount }, at }: Props) {
  return (
    <section aria-labelledby="commands">
      <details className="fold">
        <summary>
          <h2 id="commands">Commands</h2> <span className="soft">{grouped(totalCount)} asked for</span>
        </summary>
        {nodes.length === 0 && (
          <p className="soft">Nobody has asked it through Chargeproof to do anything.</p>
        )}
        {nodes.length > 0 && (
          <table className="list keys">
            <thead>
              <tr>
                <th scope="col">Command</th>
                <th scope="col">What came of it</th>
                <th scope="col">By</th>
                <th scope="col">Asked for</th>
              </tr>
            </thead>
            <tbody>
              {nodes.map((command) => (
                <Row key={command.id} command={command} at={at} />
              ))}
            </tbody>
          </table>
        )}
        {nodes.length > 0 && String(nodes.length) !== totalCount && (
          <p className="soft">The {nodes.length} asked for last.</p>
        )}
      </details>
    </section>
  );
}

type RowProps = { readonly command: Props['commands']['nodes'][number]; readonly at: At };

function Row({
  command: { id, action, state, accepted, why, actor, reason, requestedAt, exchange },
  at,
}: RowProps) {
  const { tone, text } = stateOf(state, accepted);
  const came = <Badge tone={tone}>{text}</Badge>;
  return (
    <tr>
      <th scope="row">{action}</th>
      <td data-label="What came of it">
        {exchange === null ? (
          came
        ) : (
          <EvidenceButton title={`${at.station}: ${action}`} of={evidenceOfCommand(at, id)}>
            {came}
          </EvidenceButton>
        )}
        {why !== null && <span className="soft"> {why}</span>}
      </td>
      <td data-label="By">
        {actor}
        {reason !== null && <span className="soft"> {reason}</span>}
      </td>
      <td data-label="Asked for">
        <Time at={requestedAt} />
      </td>
    </tr>
  );
}
