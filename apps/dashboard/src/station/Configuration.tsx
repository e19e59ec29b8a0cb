import { EvidenceButton } from '../evidence/EvidenceButton.tsx';
import { evidenceOfKey } from '../evidence/of-station.ts';
import type { At } from '../evidence/question.ts';
import { Time } from '../parts/Time.tsx';
import type { StationQuery } from '../questions/generated.ts';

type Props = {
  readonly keys: StationQuery['stations']['nodes'][number]['configuration'];
  readonly at: At;
};

/** Configuration keys as they were told or set; each opens to the frames that say so. */
export function Configuration({ keys, at }: Props) {
  return (
    <section aria-labelledby="configuration">
      <details className="fold">
        <summary>
          <h2 id="configuration">Configuration</h2> <span className="soft">{keys.length} keys seen</span>
        </summary>
        {keys.length === 0 && (
          <p className="soft">Nobody has asked it for its keys, or set one, in what was recorded.</p>
        )}
        {keys.length > 0 && (
          <table className="list keys">
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">Value</th>
                <th scope="col">Known by</th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody>
              {keys.map(({ name, value, readonly, source, state, since }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td data-label="Value">
                    <EvidenceButton title={`${at.station}: ${name}`} of={evidenceOfKey(at, name)}>
                      {value ?? (state === 'unknown' ? 'no such key' : 'not told')}
                    </EvidenceButton>
                    {readonly === true && <span className="soft"> read-only</span>}
                    {state === 'pending-reboot' && <span className="soft"> after a reboot</span>}
                  </td>
                  <td data-label="Known by">{source}</td>
                  <td data-label="Since">
                    <Time at={since} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </details>
    </section>
  );
}
