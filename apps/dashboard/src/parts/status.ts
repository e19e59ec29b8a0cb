/** How a status is shown: a colour and a shape, always beside its word. */
export type Tone = 'up' | 'busy' | 'off' | 'fault' | 'unknown';

/** OCPP 1.6, 7.7. What a station sends beside these is shown as sent. */
const TONES: Readonly<Record<string, Tone>> = {
  Available: 'up',
  Preparing: 'busy',
  Charging: 'busy',
  SuspendedEV: 'busy',
  SuspendedEVSE: 'busy',
  Finishing: 'busy',
  Reserved: 'busy',
  Unavailable: 'off',
  Faulted: 'fault',
};

export const toneOf = (status: string): Tone => TONES[status] ?? 'unknown';

/** `0` is the station itself. */
export const connectorText = (connector: number | null): string => {
  if (connector === null) return 'Unknown connector';
  return connector === 0 ? 'Station' : `Connector ${connector}`;
};
