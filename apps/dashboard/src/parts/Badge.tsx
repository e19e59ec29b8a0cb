import type { ReactNode } from 'react';
import type { Tone } from './status.ts';

const SHAPES: Readonly<Record<Tone, string>> = { up: '●', busy: '◆', off: '■', fault: '▲', unknown: '○' };

/** A word with a shape and a colour: none of the three alone has to be told apart. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className="badge" data-tone={tone}>
      <span aria-hidden="true" className="shape">
        {SHAPES[tone]}
      </span>
      {children}
    </span>
  );
}
