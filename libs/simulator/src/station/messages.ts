import type { StationDevice } from '../device/profile.ts';
import type { Payload } from '../peer.ts';

/** What a meter shows at one moment. */
export type Reading = { readonly registerWh: number; readonly watts: number };
export type Context = 'Sample.Periodic' | 'Transaction.Begin' | 'Transaction.End' | 'Trigger';

const VOLTS = 220;

/** Value and unit of each measurand that these stations measure. A socket feeds nothing back: that register rests. */
const MEASURED: Readonly<
  Record<string, (reading: Reading, device: StationDevice) => { value: string; unit: string }>
> = {
  'Energy.Active.Import.Register': ({ registerWh }, { habits }) => energy(registerWh, habits.energyUnit),
  'Energy.Active.Export.Register': (_, { habits }) => energy(0, habits.energyUnit),
  'Power.Active.Import': ({ watts }) => ({ value: String(watts), unit: 'W' }),
  'Current.Import': ({ watts }, { phases }) => ({ value: (watts / VOLTS / phases).toFixed(1), unit: 'A' }),
  Voltage: () => ({ value: `${VOLTS}.0`, unit: 'V' }),
};

function energy(wattHours: number, unit: 'Wh' | 'kWh'): { value: string; unit: string } {
  const value =
    unit === 'Wh'
      ? String(wattHours)
      : `${Math.floor(wattHours / 1000)}.${String(wattHours % 1000).padStart(3, '0')}`;
  return { value, unit };
}

/** Wall clock in milliseconds, as the device writes it. */
export function timestamp(now: number, { habits }: Pick<StationDevice, 'habits'>): string {
  const text = new Date(now).toISOString();
  return habits.timestamps === 'seconds' ? text.replace(/\.\d+/, '') : text;
}

/** One MeterValue of these measurands; undefined where the device measures none of them. */
export function meterValue(
  device: StationDevice,
  measurands: readonly string[],
  reading: Reading,
  { at, context }: { readonly at: number; readonly context: Context },
): Payload | undefined {
  const sampledValue = measurands.flatMap((measurand) => {
    const measured = MEASURED[measurand]?.(reading, device);
    return measured ? [sampled(device, measurand, context, measured)] : [];
  });
  return sampledValue.length === 0 ? undefined : { timestamp: timestamp(at, device), sampledValue };
}

function sampled(
  { habits }: StationDevice,
  measurand: string,
  context: Context,
  { value, unit }: { value: string; unit: string },
): Payload {
  const said = { value, context, measurand, unit };
  if (!habits.omitsDefaults) return said;
  return {
    value,
    ...(context === 'Sample.Periodic' ? {} : { context }),
    ...(measurand === 'Energy.Active.Import.Register' ? {} : { measurand }),
    ...(unit === 'Wh' ? {} : { unit }),
  };
}

/** BootNotification.req (OCPP 1.6, 6.3). */
export const bootPayload = (device: StationDevice): Payload => ({
  chargePointVendor: device.vendor,
  chargePointModel: device.model,
  chargePointSerialNumber: device.serialNumber,
  firmwareVersion: device.firmwareVersion,
});
