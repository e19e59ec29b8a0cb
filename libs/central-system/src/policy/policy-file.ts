/** What of a policy's file cannot be used. The message names the entry and what it takes, and no tag. */
export class PolicyFault extends Error {
  override readonly name = 'PolicyFault';
}

/** Without what the parser says, which quotes the file. @throws PolicyFault where it is no JSON */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyFault('the file is no JSON');
  }
}

export type Entries = readonly (readonly [name: string, value: unknown])[];

/** @throws PolicyFault where it is no object, or has other members: a typing slip is silent otherwise */
export function membersOf<Name extends string>(
  value: unknown,
  names: readonly Name[],
  where = 'the file',
): Readonly<Partial<Record<Name, unknown>>> {
  const strange = entriesOf(value, where).find(([name]) => !(names as readonly string[]).includes(name));
  if (strange !== undefined) throw new PolicyFault(`${where} has members ${names.join(', ')} and no others`);
  return value as Readonly<Partial<Record<Name, unknown>>>;
}

/** @throws PolicyFault where it is no object */
export function entriesOf(value: unknown, where: string): Entries {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw new PolicyFault(`${where} is no JSON object`);
}

/** In any case of letters. @throws PolicyFault naming those there are */
export function oneOf<Word extends string>(words: readonly Word[], value: unknown, where: string): Word {
  const found = words.find((word) => word.toLowerCase() === String(value).toLowerCase());
  if (found !== undefined) return found;
  throw new PolicyFault(`${where} is one of ${words.join(', ')}`);
}
