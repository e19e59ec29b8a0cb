/** A record whose attributes are not ours, or of a form or type this version does not know. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
}
