/** What the main thread and the writing worker say to each other. */
export type WriterSettings = {
  readonly folder: string;
  /** The newest period file, which is there. */
  readonly file: string;
  readonly maxFileBytes?: number;
};

export type PackedBlock = {
  readonly topic: string;
  readonly first: number;
  readonly count: number;
  readonly partitions: number;
  readonly loggedAt: number;
  /** Handed over, not copied. Its first `length` bytes are the packed records. */
  readonly buffer: ArrayBuffer;
  readonly length: number;
};

/** One group, committed at once. To end, the writer is sent the word `close`. */
export type WriterRequest = { readonly file: string; readonly blocks: readonly PackedBlock[] };

/** `full`: nothing of the group is in the log, and the next group may be. `failed`: the writer is of no more use. */
export type WriterReply =
  { readonly kind: 'done' } | { readonly kind: 'full' | 'failed'; readonly reason: string };
