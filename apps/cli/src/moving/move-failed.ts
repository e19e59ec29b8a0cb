/** The log cannot be moved; the message is one line. What was copied stays, and the next move goes on behind it. */
export class MoveFailed extends Error {
  override readonly name = 'MoveFailed';
}
