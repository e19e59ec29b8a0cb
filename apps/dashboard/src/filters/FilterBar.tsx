import type { ReactNode } from 'react';

/** Narrows a view. What is asked for stands in the URL, so there is nothing to send. */
export function FilterBar({ children }: { readonly children: ReactNode }) {
  return (
    <form
      role="search"
      className="filter"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      {children}
    </form>
  );
}
