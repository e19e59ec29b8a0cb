import type { ReactNode } from 'react';

/** Nothing is there: says so, and what to do about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="notice empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}
