/** As long as a gateway takes a station's identity; 1.6 sets no bound but what a URL holds. */
const MOST_NAME_BYTES = 255;
const CONTROL = /\p{Cc}/u;

/** @returns why a name is no station's, or undefined where it is one */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'names no station';
  if (Buffer.byteLength(name) > MOST_NAME_BYTES) return 'names a station of more than 255 bytes';
  return CONTROL.test(name) ? 'names a station with a control character in it' : undefined;
}
