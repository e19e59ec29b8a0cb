/** Resolves at the first SIGINT or SIGTERM, or when the launcher above us is gone. Later ones change nothing. */
export function whenAsked(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
      process.on(event, () => {
        resolve('signal');
      });
    }
    // Whoever listens for the channel's end would else live as long as the channel.
    process.channel?.unref();
  });
}
