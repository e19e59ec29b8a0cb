import type { MemoryLog } from '@chargeproof/log';
import {
  type IdTagsDecided,
  policyRecord,
  type RegistrationDecided,
  writePayload,
} from '@chargeproof/record';
import { SEALING } from './asked-commands.ts';

/** As the API appends it. */
export async function decide(log: MemoryLog, payload: IdTagsDecided | RegistrationDecided): Promise<void> {
  const isOfTags = 'updateType' in payload;
  const type = isOfTags ? 'platform.id-tags-decided.v1' : 'platform.registration-decided.v1';
  const about = { tenant: 'default', decision: payload.decision, source: 'api', time: 0 };
  const record = policyRecord(type, { ...about, station: isOfTags ? undefined : 'CP-1' });
  const { value, sealed } = SEALING.sealer.seal(writePayload(type, payload), 'text');
  const attributes = { ...record.attributes, ...(sealed && { sealed }) };
  await log.append('platform.decisions', [{ ...record, attributes, value }]);
}

export const BY = { decision: 'd', actor: 'ops' };
export const blocked = (idTag: string): IdTagsDecided => ({
  ...BY,
  updateType: 'Differential',
  localAuthorizationList: [{ idTag, idTagInfo: { status: 'Blocked', parentIdTag: 'P' } }],
});
