import { badInput } from '../asking/errors.ts';

/** Of every mutation that decides something. */
export type WhoDecides = { readonly actor: string; readonly reason?: string | null };

const MOST_CHARACTERS = 255;

/** @throws GraphQLError naming the member and the fix */
export function checkText(member: string, text: string): void {
  if (text.trim() === '' || text.length > MOST_CHARACTERS)
    throw badInput(`input.${member}`, `has 1 to ${MOST_CHARACTERS} characters`);
}

/** As a record has it: who decided, and why where they said. @throws GraphQLError naming the member and the fix */
export function whoDecides({ actor, reason }: WhoDecides): { readonly actor: string; readonly why?: string } {
  checkText('actor', actor);
  if ((reason ?? '').length > MOST_CHARACTERS)
    throw badInput('input.reason', `has at most ${MOST_CHARACTERS} characters`);
  return { actor, ...(reason ? { why: reason } : {}) };
}
