import { HOSTILE } from './values.ts';

/** Where a value stands in a payload: names of members, places in lists. */
type Path = readonly (string | number)[];
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** The payload with itself and each of its values, lists and objects in turn replaced by each hostile one, left out, and given twice; as JSON source. */
export function hostilePayloads(payload: Json): readonly string[] {
  const paths = pathsOf(payload);
  return [
    ...paths.flatMap((path) => HOSTILE.map((value) => replaced(payload, path, value))),
    ...paths.slice(1).map((path) => JSON.stringify(without(payload, path))),
    ...paths.flatMap((path) => doubled(payload, path)),
  ];
}

function pathsOf(value: Json, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const within = Array.isArray(value)
    ? value.map((item: Json, place) => pathsOf(item, [...path, place]))
    : Object.entries(value).map(([name, item]) => pathsOf(item, [...path, name]));
  return [path, ...within.flat()];
}

const MARK = '\u0001here\u0001';
const MARK_SOURCE = JSON.stringify(MARK);

const replaced = (payload: Json, path: Path, source: string) =>
  JSON.stringify(at(payload, path, () => MARK)).replace(MARK_SOURCE, () => source);

const without = (payload: Json, path: Path) => at(payload, path, () => undefined);

/** `{"a": 1}` → `{"a": null, "a": 1}`, and the other way round. */
function doubled(payload: Json, path: Path): readonly string[] {
  const name = path.at(-1);
  if (typeof name !== 'string') return [];
  const member = `${JSON.stringify(name)}:${MARK_SOURCE}`;
  const marked = JSON.stringify(at(payload, path, () => MARK));
  const value = JSON.stringify(found(payload, path));
  const said = JSON.stringify(name);
  return [`${said}:null,${said}:${value}`, `${said}:${value},${said}:"other"`].map((twice) =>
    marked.replace(member, () => twice),
  );
}

const found = (value: Json, path: Path): Json | undefined =>
  path.reduce<Json | undefined>(
    (within, step) => (within as Record<string, Json> | undefined)?.[step],
    value,
  );

function at(value: Json, [step, ...rest]: Path, put: (old: Json) => Json | undefined): Json | undefined {
  if (step === undefined) return put(value);
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, place) => (place === step ? (at(item, rest, put) ?? []) : [item]));
  }
  const members = Object.entries(value as Record<string, Json>);
  return Object.fromEntries(
    members.map(([name, item]) => [name, name === step ? at(item, rest, put) : item]),
  ) as Json;
}
