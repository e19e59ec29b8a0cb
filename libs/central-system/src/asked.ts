import { type Frame, member, payloadIn, textOf } from '@chargeproof/ocpp';
import type { StationState } from './station-state.ts';

/** What a CALL of ours makes a station send, besides its answer. */
const BRINGS: ReadonlyMap<string, string> = new Map([
  ['GetBaseReport', 'NotifyReport'],
  ['GetReport', 'NotifyReport'],
  ['GetDiagnostics', 'DiagnosticsStatusNotification'],
  ['GetLog', 'LogStatusNotification'],
  ['UpdateFirmware', 'FirmwareStatusNotification'],
  ['SignedUpdateFirmware', 'SignedFirmwareStatusNotification'],
]);

/** What of a TriggerMessage's words is not the action itself. */
const TRIGGERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['FirmwareStatusNotification', ['FirmwareStatusNotification', 'SignedFirmwareStatusNotification']],
  ['SignChargePointCertificate', ['SignCertificate']],
]);

/** A station is asked for something: while it is Pending it sends what it was asked for, and no more. */
export function asked(state: StationState, call: Frame): StationState {
  const brought = broughtBy(call);
  return brought.length === 0 ? state : { ...state, asked: new Set([...state.asked, ...brought]) };
}

function broughtBy(call: Frame): readonly string[] {
  const { action = '' } = call;
  if (action !== 'TriggerMessage' && action !== 'ExtendedTriggerMessage') {
    const brought = BRINGS.get(action);
    return brought === undefined ? [] : [brought];
  }
  const word = textOf(member(payloadIn(call), 'requestedMessage')) ?? '';
  return TRIGGERS.get(word) ?? [word];
}
