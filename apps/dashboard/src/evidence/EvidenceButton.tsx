import type { ReactNode } from 'react';
import type { EvidenceQuestion } from './question.ts';
import { useShowEvidence } from './shown.ts';

type Props = {
  /** What the figure is: the drawer's title. */
  readonly title: string;
  readonly of: EvidenceQuestion;
  readonly children: ReactNode;
};

/** A figure: one click, or Enter, shows the frames behind it. */
export function EvidenceButton({ title, of, children }: Props) {
  const show = useShowEvidence();
  return (
    <button
      type="button"
      className="figure"
      aria-haspopup="dialog"
      title={`${title}: show the frames behind it`}
      onClick={() => {
        show({ title, question: of });
      }}
    >
      {children}
    </button>
  );
}
