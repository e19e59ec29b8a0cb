import type { Tone } from '../parts/status.ts';
import type { CommandState } from '../questions/generated.ts';

type Told = { readonly tone: Tone; readonly text: string };

const STATES: Readonly<Record<CommandState, Told>> = {
  REQUESTED: { tone: 'busy', text: 'Waits to be sent' },
  SENT: { tone: 'busy', text: 'Sent, no answer yet' },
  ANSWERED: { tone: 'off', text: 'Answered: no' },
  ERROR: { tone: 'fault', text: 'Answered with an error' },
  UNANSWERED: { tone: 'fault', text: 'Not answered' },
  UNKNOWN: { tone: 'unknown', text: 'Sent; unknown whether it does it' },
  EXPIRED: { tone: 'off', text: 'Not sent in time' },
  REFUSED: { tone: 'off', text: 'Not sent' },
};

/** What came of a command, in words. @param accepted whether the station says that it does it */
export const stateOf = (state: CommandState, accepted: boolean | null): Told =>
  state === 'ANSWERED' && accepted === true ? { tone: 'up', text: 'Answered: yes' } : STATES[state];
