import { MOST_NAME_BYTES, nameFault, type NameFault } from '@chargeproof/record';

const PROBLEMS: Readonly<Record<NameFault, string>> = {
  empty: 'names no station',
  'dot-segment': 'names a station . or .., which no path can name',
  'control-character': 'names a station with a control character in it',
  'too-long': `names a station of more than ${MOST_NAME_BYTES} bytes`,
};

/** @returns why a name is no station's, or undefined where it is one */
export function nameProblem(name: string): string | undefined {
  const fault = nameFault(name);
  return fault && PROBLEMS[fault];
}
