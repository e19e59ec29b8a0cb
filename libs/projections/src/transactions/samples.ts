import type { Clock, Maybe } from '@chargeproof/ocpp';
import { clockOf, itemsOf, member, textOf, wordOf } from '@chargeproof/ocpp';
import type { Micros } from '@chargeproof/record';
import type { Moment } from './transaction.ts';

/** A time of the station's, as it was sent and what it is worth. */
export type Stamped = { readonly text: string | null; readonly clock: Clock; readonly at: Moment };

/** One SampledValue as it was sent; columns of `meter_values`. */
export type Sample = {
  readonly stamped: Stamped;
  readonly value: string;
  readonly measurand: string | null;
  readonly context: string | null;
  readonly format: string | null;
  readonly phase: string | null;
  readonly location: string | null;
  readonly unit: string | null;
};

/** Signed meter data is longer, and is cut: its frame has it whole. */
const LONGEST_VALUE = 255;

/** How far ahead of ours a station's clock may run and still be believed, microseconds. */
export const MOST_AHEAD: Micros = 300_000_000;

/** The station's time where it can have been then, however long ago that was; else when we received it. */
export function stampedAt(value: Maybe, received: Micros): Stamped {
  const text = wordOf(value);
  const { parsed, clock } = clockOf(text, received);
  const isUsable = clock === 'plausible' && parsed !== null && parsed <= received + MOST_AHEAD;
  const at: Moment = isUsable ? { time: parsed, by: 'station' } : { time: received, by: 'received' };
  return { text, clock, at };
}

/** All SampledValues below a list of MeterValue, in their order. What has another form holds none. */
export function samplesOf(meterValues: Maybe, received: Micros): readonly Sample[] {
  const samples: Sample[] = [];
  for (const one of itemsOf(meterValues)) {
    const stamped = stampedAt(member(one, 'timestamp'), received);
    // OCPP 1.5 called it `value`.
    for (const sampled of itemsOf(member(one, 'sampledValue') ?? member(one, 'value'))) {
      samples.push(sampleOf(sampled, stamped));
    }
  }
  return samples;
}

function sampleOf(sampled: Maybe, stamped: Stamped): Sample {
  return {
    stamped,
    value: (textOf(member(sampled, 'value')) ?? '').slice(0, LONGEST_VALUE),
    measurand: wordOf(member(sampled, 'measurand')),
    context: wordOf(member(sampled, 'context')),
    format: wordOf(member(sampled, 'format')),
    phase: wordOf(member(sampled, 'phase')),
    location: wordOf(member(sampled, 'location')),
    unit: wordOf(member(sampled, 'unit')),
  };
}

/** Absent means the import register (OCPP 1.6, 7.43). */
const REGISTER = 'Energy.Active.Import.Register';
const isRegister = ({ measurand }: Sample) => measurand === null || measurand === REGISTER;

export const tellsEnergy = (samples: readonly Sample[]) =>
  samples.some(({ measurand }) => measurand === null || measurand.startsWith('Energy.'));

/** Newest moment of sampling. */
export function sampledLast(samples: readonly Sample[], received: Micros): Moment {
  let last: Moment | undefined;
  for (const { stamped } of samples) if (last === undefined || stamped.at.time > last.time) last = stamped.at;
  return last ?? { time: received, by: 'received' };
}

/**
 * Whether energy flowed: a register moved away from where it stood at the start, or there is power. Said
 * only of a start that was refused; what it amounts to is for the energy function. Registers of one
 * session begin at 0, others at `meterStart`, and a reading may hold a fraction that it has not: so 1 Wh counts.
 */
export function flows(samples: readonly Sample[], meterStart: string | null): boolean {
  return samples.some((sample) => {
    const value = Number(sample.value);
    if (sample.measurand === 'Power.Active.Import') return value > 0;
    return isRegister(sample) && movedFrom(meterStart, sample.unit === 'kWh' ? value * 1000 : value);
  });
}

/** @param register in Wh */
export function movedFrom(meterStart: string | null, register: number): boolean {
  const start = Number(meterStart ?? 0);
  return register >= 1 && Math.abs(register - (Number.isFinite(start) ? start : 0)) >= 1;
}
