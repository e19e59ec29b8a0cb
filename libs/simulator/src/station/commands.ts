import type { FeatureProfile } from '../device/profile.ts';
import type { Payload } from '../peer.ts';
import { CORE } from './core-commands.ts';
import { FIRMWARE, LOCAL_LIST, RESERVATION, SMART_CHARGING, TRIGGER } from './optional-commands.ts';
import type { Commands, Response } from './command.ts';
import type { SimulatedStation } from './station.ts';

/** Whose commands are whose (OCPP 1.6, 3.3). */
const COMMANDS: Readonly<Record<FeatureProfile, Commands>> = {
  Core: CORE,
  FirmwareManagement: FIRMWARE,
  LocalAuthListManagement: LOCAL_LIST,
  Reservation: RESERVATION,
  SmartCharging: SMART_CHARGING,
  RemoteTrigger: TRIGGER,
};

/** NotSupported for what it knows of and does not do, NotImplemented for what it does not know (OCPP-J 1.6, 4.2.3). */
export function answerTo(station: SimulatedStation, action: string, payload: Payload): Response {
  for (const [profile, commands] of Object.entries(COMMANDS) as [FeatureProfile, Commands][]) {
    const command = Object.hasOwn(commands, action) ? commands[action] : undefined;
    if (command === undefined) continue;
    if (station.device.supportedProfiles.includes(profile)) return command(station, payload);
    return { answer: { error: 'NotSupported', description: `${profile} is no profile of this station` } };
  }
  return { answer: { error: 'NotImplemented', description: `${action} is not known here` } };
}
