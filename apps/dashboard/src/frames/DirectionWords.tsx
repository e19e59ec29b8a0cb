import type { Direction } from '../questions/generated.ts';

const WORDS: Readonly<Record<Direction, readonly [arrow: string, words: string]>> = {
  STATION_TO_CSMS: ['→', 'to CSMS'],
  CSMS_TO_STATION: ['←', 'to station'],
};

export function DirectionWords({ direction }: { readonly direction: Direction | null }) {
  if (direction === null) return <span className="direction soft">direction unknown</span>;
  const [arrow, words] = WORDS[direction];
  return (
    <span className="direction" data-direction={direction}>
      <span aria-hidden="true">{arrow}</span> {words}
    </span>
  );
}
