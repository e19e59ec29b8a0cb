import * as c from './characters.ts';
import type { JsonKind } from './outline.ts';
import { kindAt } from './outline.ts';
import { decodeString } from './strings.ts';
import { numberEnd, stringEnd } from './value.ts';

/** A value with its place: bytes [start, end) of the text, quotes and brackets included. */
export type JsonNode = JsonScalar | JsonArrayNode | JsonObjectNode;
export type JsonScalar = {
  readonly kind: Exclude<JsonKind, 'object' | 'array'>;
  readonly start: number;
  readonly end: number;
};
export type JsonArrayNode = {
  readonly kind: 'array';
  readonly start: number;
  readonly end: number;
  readonly items: readonly JsonNode[];
};
export type JsonObjectNode = {
  readonly kind: 'object';
  readonly start: number;
  readonly end: number;
  /** All of them, in the order of the text: a duplicate name is here twice. */
  readonly members: readonly JsonMember[];
};
export type JsonMember = { readonly name: string; readonly value: JsonNode };

/** Reads the places of all values from `start` on, in a text which {@link outline} found to be JSON there. */
export function readTree(text: string, start: number): JsonNode {
  const kind = kindAt(text, start);
  switch (kind) {
    case 'object':
      return readObject(text, start);
    case 'array':
      return readArray(text, start);
    case 'string':
      return { kind, start, end: stringEnd(text, start + 1) + 1 };
    case 'number':
      return { kind, start, end: numberEnd(text, start) };
    default:
      return { kind, start, end: start + kind.length };
  }
}

function readObject(text: string, start: number): JsonObjectNode {
  const members: JsonMember[] = [];
  let at = c.skipSpace(text, start + 1);
  while (text.charCodeAt(at) !== c.CLOSE_BRACE) {
    const nameEnd = stringEnd(text, at + 1);
    const colon = c.skipSpace(text, nameEnd + 1);
    const value = readTree(text, c.skipSpace(text, colon + 1));
    members.push({ name: decodeString(text, at + 1, nameEnd), value });
    at = skipComma(text, value.end);
  }
  return { kind: 'object', start, end: at + 1, members };
}

function readArray(text: string, start: number): JsonArrayNode {
  const items: JsonNode[] = [];
  let at = c.skipSpace(text, start + 1);
  while (text.charCodeAt(at) !== c.CLOSE_BRACKET) {
    const item = readTree(text, at);
    items.push(item);
    at = skipComma(text, item.end);
  }
  return { kind: 'array', start, end: at + 1, items };
}

/** To the next name or item, or to the closing bracket. */
function skipComma(text: string, at: number): number {
  const behind = c.skipSpace(text, at);
  return text.charCodeAt(behind) === c.COMMA ? c.skipSpace(text, behind + 1) : behind;
}
