import type { At } from '../evidence/question.ts';
import { roveStops } from '../parts/roving.ts';
import type { Lane } from './lanes.ts';
import { TimelineBar } from './TimelineBar.tsx';

/** One row; Tab comes to its first bar, arrow keys go from bar to bar. */
export function TimelineLane({ lane, at }: { readonly lane: Lane; readonly at: At }) {
  return (
    <div className="lane" role="group" aria-label={lane.label} onKeyDown={roveStops}>
      <span className="lane-label">{lane.label}</span>
      <div className="bars">
        {lane.bars.map((bar, index) => (
          <TimelineBar key={bar.key} bar={bar} at={at} isFirst={index === 0} />
        ))}
      </div>
    </div>
  );
}
