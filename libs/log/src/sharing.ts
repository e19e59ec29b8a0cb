import type { LogReader, Topic } from './log.ts';

/** What a member of a group does with the partitions that become its own. */
export type GroupMember = {
  /** These are its own, and nobody else's, until it has released them. None is a number, too. */
  take(partitions: readonly number[]): Promise<void>;
  /** Settles when nothing of what it took is under way any more: not before that may another take it. */
  release(): Promise<void>;
};

export type Membership = {
  /**
   * Rejects with what a member threw, or when the group may have given its partitions away: the process is
   * then to end without doing anything more with them.
   */
  readonly failed: Promise<never>;
  /** Releases what is held and leaves the group, which gives it to others at once. */
  close(): Promise<void>;
};

/** A log whose partitions the members of a group share out among them, each to one. */
export interface SharedLog extends LogReader {
  /** Joins a group. `take` and `release` follow one another; a `commit` of that group is then the member's. */
  join(topic: Topic, group: string, member: GroupMember): Membership;
}
