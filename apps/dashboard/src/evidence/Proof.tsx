import { Empty } from '../parts/Empty.tsx';
import { ProofFrame } from './ProofFrame.tsx';
import type { ProofFragment } from '../questions/generated.ts';
import { grouped } from '../writing/decimal.ts';

/** So many does the fragment Proof ask for. */
const MOST_FRAMES = 50;
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
  const isPart = proof.recordIds.length < Number(proof.total) || frames.size === MOST_FRAMES;
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
  if (total === '1') return frames === 1 ? 'One frame proves it.' : 'One record proves it.';
  if (frames === Number(total)) return `${frames} frames prove it.`;
  if (frames === MOST_FRAMES)
    return `${grouped(total)} records prove it; the first ${frames} frames of them:`;
  return `${grouped(total)} records prove it, ${frames} of them frames.`;
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
