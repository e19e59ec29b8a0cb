/**
 * Loaded into a measured process beforehand (`--expose-gc --import`): tells its memory when asked for it with
 * `{ memory: "as it is" }`, or `{ memory: "collected" }` after a collection of garbage.
 */
export type MemoryOrder = { readonly memory: 'as it is' | 'collected' };

process.on('message', (order: Partial<MemoryOrder>) => {
  if (order.memory === undefined) return;
  if (order.memory === 'collected') globalThis.gc?.();
  process.send?.(process.memoryUsage());
});
