/** The import cannot go on; the message is one line. What it has appended stays, and is known to the next one. */
export class ImportFailed extends Error {
  override readonly name = 'ImportFailed';
}

/** A file that cannot be opened or read as a recording; the others still are. The message is one line. */
export class FileUnusable extends Error {
  override readonly name = 'FileUnusable';
}
