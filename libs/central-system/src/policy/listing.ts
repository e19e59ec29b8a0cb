/** What is said of those that are named, and of all others. */
export type Listing<Entry, Others> = {
  /** Undefined of what is not in it. */
  readonly find: (name: string) => Entry | undefined;
  readonly others: Others;
};

/**
 * What the one says holds over what the other says, entry by entry: who is named in either is none of the others.
 * @param above `others` undefined where it says nothing of them
 */
export const over = <Entry, Others>(
  above: Listing<Entry, Others | undefined>,
  below: Listing<Entry, Others>,
): Listing<Entry, Others> => ({
  find: (name) => above.find(name) ?? below.find(name),
  others: above.others ?? below.others,
});
