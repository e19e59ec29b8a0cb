import type { Payload } from '../peer.ts';
import { type Commands, status } from './command.ts';
import type { SimulatedStation } from './station.ts';

const diagnostics = (station: SimulatedStation, value: string) =>
  station.tell('DiagnosticsStatusNotification', { status: value });
const firmware = (station: SimulatedStation, value: string) =>
  station.tell('FirmwareStatusNotification', { status: value });

/** OCPP 1.6, 5.9 and 5.19: what is fetched and sent away is told, and is not there. */
export const FIRMWARE: Commands = {
  GetDiagnostics: (station) => ({
    answer: { payload: { fileName: `${station.device.serialNumber}.log` } },
    duty: async () => {
      await diagnostics(station, 'Uploading');
      await diagnostics(station, 'Uploaded');
    },
  }),
  UpdateFirmware: (station) => ({
    answer: { payload: {} },
    duty: async () => {
      for (const step of ['Downloading', 'Downloaded', 'Installing', 'Installed'])
        await firmware(station, step);
    },
  }),
};

/** OCPP 1.6, 5.10 and 5.15. -1: there is no list while it is switched off. */
export const LOCAL_LIST: Commands = {
  GetLocalListVersion: ({ memory, configuration }) => ({
    answer: {
      payload: { listVersion: configuration.isOn('LocalAuthListEnabled') ? memory.listVersion : -1 },
    },
  }),
  SendLocalList: ({ memory, configuration }, { listVersion, updateType }) => {
    if (!configuration.isOn('LocalAuthListEnabled')) return status('NotSupported');
    const version = Number(listVersion);
    if (updateType === 'Differential' && version <= memory.listVersion) return status('VersionMismatch');
    memory.listVersion = version;
    return status('Accepted');
  },
};

/** What ReserveNow is answered where the connector is not free (OCPP 1.6, 5.13). */
const NOT_FREE: Readonly<Record<string, string>> = { Faulted: 'Faulted', Unavailable: 'Unavailable' };

export const RESERVATION: Commands = {
  ReserveNow: (station, { connectorId, reservationId }) => {
    const connector = station.connectors[Number(connectorId)];
    if (connector === undefined || connector.id === 0) return status('Rejected');
    if (connector.status !== 'Available') return status(NOT_FREE[connector.status] ?? 'Occupied');
    station.memory.reservations.set(Number(reservationId), connector.id);
    return status('Accepted', () => station.become(connector.id, 'Reserved'));
  },
  CancelReservation: (station, { reservationId }) => {
    const id = station.memory.reservations.get(Number(reservationId));
    if (id === undefined) return status('Rejected');
    station.memory.reservations.delete(Number(reservationId));
    return status('Accepted', async () => {
      if (station.connector(id).status === 'Reserved') await station.become(id, 'Available');
    });
  },
};

/** OCPP 1.6, 5.5, 5.7 and 5.16: profiles are kept, and no car here is slowed by them. */
export const SMART_CHARGING: Commands = {
  SetChargingProfile: ({ memory }, { csChargingProfiles }) => {
    const profile = (csChargingProfiles ?? {}) as Payload;
    memory.chargingProfiles.set(Number(profile.chargingProfileId), profile);
    return status('Accepted');
  },
  ClearChargingProfile: ({ memory }, { id }) => {
    const cleared =
      id === undefined ? memory.chargingProfiles.size > 0 : memory.chargingProfiles.has(Number(id));
    if (id === undefined) memory.chargingProfiles.clear();
    else memory.chargingProfiles.delete(Number(id));
    return status(cleared ? 'Accepted' : 'Unknown');
  },
  GetCompositeSchedule: (station, { connectorId, duration }) => {
    const [profile] = station.memory.chargingProfiles.values();
    if (profile === undefined || station.connectors[Number(connectorId)] === undefined)
      return status('Rejected');
    const { chargingRateUnit, chargingSchedulePeriod } = profile.chargingSchedule as Payload;
    const chargingSchedule = { duration, chargingRateUnit, chargingSchedulePeriod };
    const payload = { status: 'Accepted', connectorId, scheduleStart: station.timestamp, chargingSchedule };
    return { answer: { payload } };
  },
};

/** What each message is triggered as (OCPP 1.6, 5.17); a boot only before the first is accepted. */
const TRIGGERED: Readonly<
  Record<string, (station: SimulatedStation, ids: readonly number[]) => Promise<unknown>>
> = {
  Heartbeat: (station) => station.heartbeat(),
  StatusNotification: async (station, ids) => {
    for (const id of ids) await station.become(id, station.connector(id).status);
  },
  MeterValues: async (station, ids) => {
    for (const id of ids) if (id > 0) await station.sample(id, 'Trigger');
  },
};

const TRIGGERED_OF_FIRMWARE: typeof TRIGGERED = {
  DiagnosticsStatusNotification: (station) => diagnostics(station, 'Idle'),
  FirmwareStatusNotification: (station) => firmware(station, 'Idle'),
};

export const TRIGGER: Commands = {
  TriggerMessage: (station, { requestedMessage, connectorId }) => {
    const message = String(requestedMessage);
    if (message === 'BootNotification') return status('Rejected');
    const known = station.device.supportedProfiles.includes('FirmwareManagement')
      ? { ...TRIGGERED, ...TRIGGERED_OF_FIRMWARE }
      : TRIGGERED;
    const trigger = Object.hasOwn(known, message) ? known[message] : undefined;
    if (trigger === undefined) return status('NotImplemented');
    const concerned = station.connectors.filter(({ id }) => connectorId === undefined || connectorId === id);
    const ids = concerned.map(({ id }) => id);
    return status('Accepted', () => trigger(station, ids));
  },
};
