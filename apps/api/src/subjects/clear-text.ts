import type { SubjectRow } from '@chargeproof/projections';
import { type createOpener, type SealedClass, StaysSealed, type WhySealed } from '@chargeproof/record';

/** What a stand-in stands for, as the schema has it: either it, or why it is not told. */
export type ClearText = {
  readonly value: string | null;
  readonly hidden: 'NOT_ALLOWED' | 'KEY_ERASED' | 'KEY_MISSING' | 'CHANGED' | 'NOT_KEPT' | null;
  readonly detail: string | null;
};

export const hiddenText = (hidden: NonNullable<ClearText['hidden']>, detail: string): ClearText => ({
  value: null,
  hidden,
  detail,
});
export const clearText = (value: string): ClearText => ({ value, hidden: null, detail: null });

/** Of no other class anything is opened here, whatever the tables hold. */
const SHOWN: ReadonlySet<SealedClass> = new Set<SealedClass>(['idTag', 'personal']);

const WHY = {
  'key-erased': 'KEY_ERASED',
  'key-missing': 'KEY_MISSING',
  changed: 'CHANGED',
} as const satisfies Record<WhySealed, ClearText['hidden']>;

/** The newest spelling that its key opens; where none does, what is said of the newest. */
export function openedText(rows: readonly SubjectRow[], open: ReturnType<typeof createOpener>): ClearText {
  let newest: ClearText | undefined;
  for (const row of rows) {
    if (!SHOWN.has(row.class)) continue;
    const text = opened(row, open);
    if (text.hidden === null) return text;
    newest ??= text;
  }
  return newest ?? hiddenText('NOT_KEPT', 'no whole frame of that station showed what it stands for');
}

function opened(row: SubjectRow, open: ReturnType<typeof createOpener>): ClearText {
  const { stand_in: standIn, class: sealedClass, key_id: key, nonce, ciphertext } = row;
  try {
    return clearText(open({ standIn, class: sealedClass, key, nonce, ciphertext }));
  } catch (error) {
    if (!(error instanceof StaysSealed)) throw error;
    return hiddenText(WHY[error.why], error.message);
  }
}
