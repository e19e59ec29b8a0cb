/** Each item and what was read for it, in their order; the next is read while one is worked on. */
export async function* readAhead<Item, Given>(
  items: readonly Item[],
  read: (item: Item) => Promise<Given>,
): AsyncGenerator<readonly [Item, Given]> {
  const readings = items.map((item) => () => handled(read(item)));
  let next = readings[0]?.();
  for (const [index, item] of items.entries()) {
    const given = await next;
    next = readings[index + 1]?.();
    yield [item, given as Given];
  }
}

/** What fails is thrown where it is awaited, which is later: until then it would be nobody's, and end the process. */
function handled<Given>(reading: Promise<Given>): Promise<Given> {
  reading.catch(() => undefined);
  return reading;
}
