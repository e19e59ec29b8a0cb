import { createContext, use } from 'react';
import type { EvidenceQuestion } from './question.ts';

/** A figure whose frames are shown. */
export type Shown = { readonly title: string; readonly question: EvidenceQuestion };

export const ShowEvidence = createContext<(shown: Shown) => void>(() => undefined);

/** Opens the drawer on a figure's frames. */
export const useShowEvidence = () => use(ShowEvidence);
