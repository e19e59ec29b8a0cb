import { countRecords, type Evidence, evidenceOf, type Frontier, recordIds } from '@chargeproof/projections';
import type { RecordId, Subject } from '@chargeproof/record';
import type { Asked } from '../asking/asked.ts';
import { checkFirst } from '../asking/list.ts';
import { type FrameAnswer, toFrame } from './frame.ts';

const MAX_IDS = 10_000;
/** So many records at least are looked at in one go for those that are frames. */
const LEAST_PIECE = 50;

type First = { readonly first: number };

/** What proves a figure, as the schema has it. Nothing of it is read before it is asked for. */
export function toEvidence(asked: Asked, evidence: Evidence) {
  return {
    total: () => countRecords(asked.store, evidence),
    recordIds: ({ first }: First) => recordIds(asked.store, evidence, { first: checkFirst(first, MAX_IDS) }),
    frames: ({ first }: First) => firstFrames(asked, evidence, checkFirst(first)),
  };
}

/** Evidence of records whose ids are at hand. */
export const evidenceOfIds = (
  asked: Asked,
  subject: Subject,
  frontier: Frontier,
  ids: readonly (RecordId | null)[],
) => toEvidence(asked, evidenceOf(subject, frontier, ids));

async function firstFrames(asked: Asked, evidence: Evidence, first: number): Promise<FrameAnswer[]> {
  const { tenant, station, frontier } = evidence;
  const frames: FrameAnswer[] = [];
  const piece = Math.max(first, LEAST_PIECE);
  for (let skip = 0; frames.length < first; skip += piece) {
    const ids = await recordIds(asked.store, evidence, { first: piece, skip });
    const rows = await Promise.all(ids.map((id) => asked.frame({ tenant, station, id, frontier })));
    frames.push(...rows.filter((row) => row !== undefined).map((row) => toFrame(asked, row, frontier)));
    if (ids.length < piece) break;
  }
  return frames.slice(0, first);
}
