import type { FindingCategory } from '../questions/generated.ts';

export const CATEGORIES: Readonly<Record<FindingCategory, string>> = {
  CONNECTION: 'Connections',
  FRAME: 'Frames',
  ANSWER: 'Answers',
  TURN: 'Turns',
  SCHEMA: 'Payloads',
};
