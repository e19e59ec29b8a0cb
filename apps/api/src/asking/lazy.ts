/** Reads once, when it is first asked for: what the nodes of a page share. */
export function lazy<Read>(read: () => Promise<Read>): () => Promise<Read> {
  let reading: Promise<Read> | undefined;
  return () => (reading ??= read());
}

/** As {@link lazy}, once for each argument. */
export function lazyBy<Argument, Read>(
  read: (argument: Argument) => Promise<Read>,
): (argument: Argument) => Promise<Read> {
  const known = new Map<string, Promise<Read>>();
  return (argument) => {
    const name = JSON.stringify(argument);
    const reading = known.get(name) ?? read(argument);
    known.set(name, reading);
    return reading;
  };
}
