/** `CSMS_TO_STATION` → `csms-to-station`: names of the schema and our own differ by nothing else. */
export const fromEnum = (name: string): string => name.toLowerCase().replaceAll('_', '-');

export const toEnum = (name: string): string => name.toUpperCase().replaceAll('-', '_');

/** An empty column is an absent value. */
export const orNull = (text: string): string | null => (text === '' ? null : text);

/** Members that are null narrow as little as absent ones. */
export function givenMembers<Input extends object>(
  input: Input,
): { [Name in keyof Input]: Exclude<Input[Name], null> } {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== null && value !== undefined),
  ) as { [Name in keyof Input]: Exclude<Input[Name], null> };
}
