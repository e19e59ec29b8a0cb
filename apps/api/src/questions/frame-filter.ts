import type { FrameFilter } from '@chargeproof/projections';
import type { Direction, Micros } from '@chargeproof/record';
import { fromEnum, givenMembers } from '../asking/enums.ts';
import { checkOrder } from '../asking/period.ts';

/** `FrameFilter` of the schema. */
export type FrameFilterInput = {
  readonly tenant: string;
  readonly station?: readonly string[] | null;
  readonly id?: readonly string[] | null;
  readonly connection?: string | null;
  readonly run?: string | null;
  readonly direction?: string | null;
  readonly action?: readonly string[] | null;
  readonly messageId?: string | null;
  readonly from?: Micros | null;
  readonly to?: Micros | null;
  readonly text?: string | null;
  /** In clear, until `Tags` has put stand-ins there. */
  readonly idTag?: readonly string[] | null;
};

/** The schema's default where no filter is given at all. */
export const EVERYTHING = { tenant: 'default' } as const;

export function toFrameFilter(input: FrameFilterInput | null | undefined): FrameFilter {
  const { direction, ...given } = givenMembers(input ?? EVERYTHING) as Given;
  checkOrder(given, 'filter');
  return { ...given, ...(direction !== undefined && { direction: fromEnum(direction) as Direction }) };
}

type Given = { readonly [Name in keyof FrameFilterInput]: Exclude<FrameFilterInput[Name], null> };
