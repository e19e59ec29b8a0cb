/** Keeps the room of what is coming, so that nothing jumps when it comes. */
export function Loading({ lines = 6, what }: { readonly lines?: number; readonly what: string }) {
  return (
    <div className="loading" role="status">
      <span className="unseen">Asking for {what} …</span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="loading-line" />
      ))}
    </div>
  );
}
