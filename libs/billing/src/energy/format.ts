const MWH_PER_WH = 1000n;

/** Wh as an exact decimal without needless zeros: `25650`, `12.345`. */
export function formatWh(mWh: bigint): string {
  const size = mWh < 0n ? -mWh : mWh;
  const whole = `${mWh < 0n ? '-' : ''}${size / MWH_PER_WH}`;
  const part = size % MWH_PER_WH;
  return part === 0n ? whole : `${whole}.${part.toString().padStart(3, '0').replace(/0+$/, '')}`;
}
