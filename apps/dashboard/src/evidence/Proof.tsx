import { Empty } from '../parts/Empty.tsx';
import { ProofFrame } from './ProofFrame.tsx';
import type { ProofFragment } from '../questions/generated.ts';
import { grouped } from '../writing/decimal.ts';

type Props = { readonly proof: ProofFragment | undefined; readonly onLeave: () => void };

/** Frames with their bytes; of the recorder's own records, which are no frames, the ids. */
export function Proof({ proof, onLeave }: Props) {
  if (proof === undefined || proof.recordIds.length === 0)
    return (
      <Empty title="No record is behind this figure.">
        <p>It says what is not known: nothing was recorded of it.</p>
      </Empty>
    );
  const frames = new Set(proof.frames.map(({ id }) => id));
  const others = proof.recordIds.filter((id) => !frames.has(id));
  const isPart = proof.recordIds.length < Number(proof.total) || frames.size === 50;
  return (
    <>
      <p className="soft">{summary(proof, frames.size)}</p>
      <ol className="proofs">
        {proof.frames.map((frame, index) => (
          <ProofFrame key={frame.id} frame={frame} isOpen={index === 0} onLeave={onLeave} />
        ))}
      </ol>
      {!isPart && others.length > 0 && <Others ids={others} />}
    </>
  );
}

function summary({ total }: ProofFragment, frames: number): string {
  const records = total === '1' ? 'One record proves' : `${grouped(total)} records prove`;
  if (frames === Number(total))
    return `${records} it, a frame each.`.replace(
      'One record proves it, a frame each',
      'One frame proves it',
    );
  return `${records} it; the first ${frames === 1 ? 'frame' : `${frames} frames`} of them:`;
}

/** Handshakes, closes, ticks: what the recorder did itself. */
function Others({ ids }: { readonly ids: readonly string[] }) {
  return (
    <details className="others">
      <summary>
        {ids.length === 1 ? 'One record is' : `${ids.length} records are`} the recorder’s own: handshakes,
        closes, ticks
      </summary>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <code>{id}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
