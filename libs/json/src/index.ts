export * from './bytes.ts';
export * from './outline.ts';
export { decodeString } from './strings.ts';
export * from './tree.ts';
export { readValue } from './value.ts';
export type { JsonNumber, JsonObject, JsonValue } from './value.ts';
