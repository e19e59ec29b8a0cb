import { z } from 'zod';
import { wrongValue } from './wrong-value.ts';

/** All variables of ours begin so; one that no area knows is an error, because a typing slip is silent otherwise. */
export const PREFIX = 'CHARGEPROOF_';

/** The settings of one area: a name and a schema whose members have a description, and a default where one is sane. */
export type Area<Shape extends z.ZodRawShape = z.ZodRawShape> = {
  readonly name: string;
  readonly schema: z.ZodObject<Shape>;
};

export function area<Shape extends z.ZodRawShape>(name: string, shape: Shape): Area<Shape> {
  return { name, schema: z.strictObject(shape) };
}

/** A member whose value is never printed. */
export const secret = <Schema extends z.ZodType>(schema: Schema): Schema => schema.meta({ secret: true });

export type Environment = Readonly<Record<string, string | undefined>>;
export type SettingsOf<Areas extends Readonly<Record<string, Area>>> = {
  readonly [Name in keyof Areas]: z.infer<Areas[Name]['schema']>;
};

/** Every bad variable at once, a line each. */
export class BadSettings extends Error {
  override readonly name = 'BadSettings';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(['The settings cannot be used:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

/** `gateway`, `maxFrameBytes` → `CHARGEPROOF_GATEWAY_MAX_FRAME_BYTES`. */
export function variableName(areaName: string, member: string): string {
  const snake = (text: string) =>
    text
      .replace(/[A-Z]/g, (letter) => `_${letter}`)
      .replace(/-/g, '_')
      .toUpperCase();
  return `${PREFIX}${snake(areaName)}_${snake(member)}`;
}

/**
 * Reads the areas from the environment.
 * @param known every area of the product, so that another process's variable is not called unknown
 * @throws BadSettings naming each variable that is unknown or has an unusable value, and what it takes
 */
export function readSettings<Areas extends Readonly<Record<string, Area>>>(
  environment: Environment,
  areas: Areas,
  known: readonly Area[] = Object.values(areas),
): SettingsOf<Areas> {
  const problems = unknownVariables(environment, known);
  const settings: Record<string, unknown> = {};
  for (const [key, { name, schema }] of Object.entries(areas)) {
    const given = Object.fromEntries(
      Object.keys(schema.shape)
        .map((member) => [member, environment[variableName(name, member)]] as const)
        .filter(([, value]) => value !== undefined && value !== ''),
    );
    const parsed = schema.safeParse(given);
    if (parsed.success) settings[key] = parsed.data;
    else problems.push(...parsed.error.issues.map((issue) => problem(name, schema, issue)));
  }
  if (problems.length > 0) throw new BadSettings(problems);
  return settings as SettingsOf<Areas>;
}

function unknownVariables(environment: Environment, known: readonly Area[]): string[] {
  const names = new Set(
    known.flatMap(({ name, schema }) =>
      Object.keys(schema.shape).map((member) => variableName(name, member)),
    ),
  );
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !names.has(name))
    .map((name) => `${name} is no setting of ours${suggestion(name, names)}`);
}

/** The one that shares most pairs of neighbouring letters with it: a typo breaks two, another word all of its own. */
function suggestion(wrong: string, names: ReadonlySet<string>): string {
  const pairs = pairsOf(wrong);
  const likeness = (name: string) => {
    const own = pairsOf(name);
    return [...own].filter((pair) => pairs.has(pair)).length / (own.size + pairs.size);
  };
  const [best] = [...names].sort((a, b) => likeness(b) - likeness(a));
  return best === undefined ? '' : `; the nearest is ${best}`;
}

const pairsOf = (name: string): ReadonlySet<string> =>
  new Set(Array.from({ length: name.length - 1 }, (_, at) => name.slice(at, at + 2)));

function problem(areaName: string, schema: z.ZodObject, issue: z.core.$ZodIssue): string {
  const member = String(issue.path[0]);
  const description =
    schema.shape[member] instanceof z.ZodType ? schema.shape[member].description : undefined;
  return `${variableName(areaName, member)}: ${wrongValue(issue)}${description === undefined ? '' : ` (${description})`}`;
}

/** The settings in force, a variable each, with secrets masked: what start-up prints. */
export function effectiveSettings(
  areas: Readonly<Record<string, Area>>,
  settings: Readonly<Record<string, object>>,
): Record<string, string> {
  const lines: Record<string, string> = {};
  for (const [key, { name, schema }] of Object.entries(areas)) {
    for (const [member, value] of Object.entries(settings[key] ?? {})) {
      const masked =
        schema.shape[member] instanceof z.ZodType && schema.shape[member].meta()?.secret === true;
      lines[variableName(name, member)] = masked ? '***' : printed(value);
    }
  }
  return lines;
}

/** As it would be written in the environment; the user and password of a URL are a secret wherever it stands. */
function printed(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? shownUrl(value) : JSON.stringify(value);
}

/** A URL as anybody may read it: without user, password and query, which may be a token. Other text as it is. */
export const shownUrl = (url: string): string =>
  /^\w+:\/\//.test(url) ? url.replace(/\/\/[^/?]*@/, '//***@').replace(/\?.+$/s, '?***') : url;
