import type { JsonMember, JsonNode } from '@chargeproof/json';
import { outline, readTree } from '@chargeproof/json';
import { addString, contentOf, MAX_DEPTH, type Search } from './find-tokens.ts';

/** Beside `vendorId`, in DataTransfer of every version. */
const DATA = 'data';

/**
 * Seals what a deployment says of a vendor's data, where an object is DataTransfer's payload of that vendor. Its
 * answer names no vendor: what is in there is found by its members' names alone.
 */
export function findTransferred(search: Search, members: readonly JsonMember[]): void {
  const data = members.filter(({ name }) => name.toLowerCase() === DATA);
  if (data.length === 0) return;
  const vendors = textsOf(search, members, 'vendorid');
  const messages = textsOf(search, members, 'messageid');
  for (const { vendorId, messageId, path } of search.findings.names.dataTransfer) {
    if (!vendors.has(vendorId.toLowerCase())) continue;
    if (messageId !== undefined && !messages.has(messageId.toLowerCase())) continue;
    for (const { value } of data) sealAt(search, value, path);
  }
}

/** Of each member of that name, for one may stand there twice. */
function textsOf({ layer }: Search, members: readonly JsonMember[], wanted: string): ReadonlySet<string> {
  return new Set(
    members.flatMap(({ name, value }) =>
      name.toLowerCase() === wanted && value.kind === 'string'
        ? [contentOf(layer, value.start, value.end).toLowerCase()]
        : [],
    ),
  );
}

/** @param path names in lower case, from the node down; through each item of an array, and into JSON in a string */
function sealAt(search: Search, node: JsonNode, path: readonly string[]): void {
  const [name, ...rest] = path;
  if (name === undefined) {
    sealWhole(search, node);
  } else if (node.kind === 'array') {
    for (const item of node.items) sealAt(search, item, path);
  } else if (node.kind === 'object') {
    for (const member of node.members) {
      if (member.name.toLowerCase() === name) sealAt(search, member.value, rest);
    }
  } else if (node.kind === 'string') {
    sealInString(search, node, path);
  }
}

/** In a string that is no JSON object nobody can tell where the path leads, so all of it is sealed. */
function sealInString(search: Search, { start, end }: JsonNode, path: readonly string[]): void {
  const layer = search.layer.unescape(start + 1, end - 1);
  const { root, fault } = outline(layer.text);
  const node = root && !fault && layer.depth < MAX_DEPTH ? readTree(layer.text, root.start) : undefined;
  if (node?.kind === 'object' || node?.kind === 'array') sealAt({ ...search, layer }, node, path);
  else addString(search, start, end, 'secret');
}

function sealWhole(search: Search, node: JsonNode): void {
  switch (node.kind) {
    case 'string':
      addString(search, node.start, node.end, 'secret');
      break;
    case 'number':
      search.findings.add(search.layer, node.start, node.end, 'secret', 'number');
      break;
    case 'array':
      for (const item of node.items) sealWhole(search, item);
      break;
    case 'object':
      for (const { value } of node.members) sealWhole(search, value);
      break;
    default:
  }
}
