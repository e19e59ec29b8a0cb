import { z } from 'zod';
import { type Area, variableName } from './settings.ts';

/** One row of docs/reference/settings.md. A test holds that page to it. */
export type SettingReference = { readonly variable: string; readonly default: string; readonly what: string };

/** Every setting of the areas, with its default as it is written in the environment. */
export function settingsReference(areas: readonly Area[]): readonly SettingReference[] {
  return areas.flatMap(({ name, schema }) =>
    Object.entries(schema.shape).map(([member, type]) => {
      const parsed = z.object({ [member]: type as z.ZodType }).safeParse({});
      const value = parsed.success ? parsed.data[member] : undefined;
      const what = (type as z.ZodType).description ?? '';
      return { variable: variableName(name, member), default: written(value), what };
    }),
  );
}

function written(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : JSON.stringify(value);
}
