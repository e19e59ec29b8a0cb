import type { ReactNode } from 'react';

export type Fact = readonly [name: string, value: ReactNode];

const isMissing = (value: ReactNode) => value === null || value === undefined || value === '';

/** Names and values; those that nobody told are left out. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => !isMissing(value))
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
