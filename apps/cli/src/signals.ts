/** Resolves at the first SIGINT or SIGTERM, or when the supervisor above us is gone. Later ones change nothing. */
export function whenAsked(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        resolve('signal');
      });
    }
  });
}
