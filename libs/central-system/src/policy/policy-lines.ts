import type { DecidedEntry } from './decided-entries.ts';
import type { DecidedBy, DecidedIdTag, DecidedIdTags, DecidedRegistration } from './decided-policy.ts';

/** Rises when the same records come to something else, or their lines are others: a policy that was kept is none then. */
export const POLICY_VERSION = 1;

/** As {@link DecidedIdTag}, whose decision is the line's; a tag alone is one of which nothing is decided any more. */
export type KeptTag = Omit<DecidedIdTag, 'by'> | { readonly idTag: string };
type Told = { readonly by?: DecidedBy | undefined; readonly idTags: readonly KeptTag[] };

/**
 * What was decided, as JSON keeps it, a line what one decision says: tags that hold, one part of a list that is not
 * whole yet, the other tags, a station, or the other stations. Tags are stand-ins, as in the record.
 */
export type PolicyLine = { readonly tenant: string } & (
  | Told
  | (Told & { readonly list: string; readonly part: number })
  | { readonly otherIdTags: NonNullable<DecidedIdTags['others']> }
  | { readonly station?: string; readonly registration: DecidedRegistration }
);
export type RegistrationLine = Extract<PolicyLine, { readonly registration: unknown }>;
export type IdTagsLine = Exclude<PolicyLine, RegistrationLine>;

/** Tags of one decision that follow each other are one line: it is named and kept once. */
export function* linesOf(tenant: string, tags: readonly DecidedIdTag[]): Iterable<PolicyLine> {
  let begin = 0;
  for (const [index, { by }] of tags.entries()) {
    if (tags[index + 1]?.by === by) continue;
    yield { tenant, by, idTags: tags.slice(begin, index + 1).map(withoutBy) };
    begin = index + 1;
  }
}

export function lineOfPart(
  tenant: string,
  [list, part, entries]: readonly [list: string, part: number, entries: readonly DecidedEntry[]],
): PolicyLine {
  const by = entries.find(([, decided]) => decided !== undefined)?.[1]?.by;
  const idTags = entries.map(([idTag, decided]) => (decided === undefined ? { idTag } : withoutBy(decided)));
  return { tenant, list, part, by, idTags };
}

/** Those of a line. */
export const entriesIn = ({ by, idTags }: Told): readonly DecidedEntry[] =>
  idTags.map((kept) => [
    kept.idTag.toLowerCase(),
    by !== undefined && 'status' in kept ? { ...kept, by } : undefined,
  ]);

export function* chained<Each>(all: Iterable<Iterable<Each>>): Iterable<Each> {
  for (const each of all) yield* each;
}

function withoutBy({ by: _, ...kept }: DecidedIdTag): KeptTag {
  return kept;
}
