import type { JsonFault, JsonMember, JsonNode, JsonObjectNode } from '@chargeproof/json';
import { outline, readTree, utf8 } from '@chargeproof/json';
import type { SealedClass } from '../sealed.ts';
import { findInText } from './find-text.ts';
import { findInParameters } from './find-urls.ts';
import type { Findings } from './finding.ts';
import { findTransferred } from './find-transferred.ts';
import type { Layer } from './layer.ts';
import * as names from './names.ts';

/** JSON in a string in a string …: deeper than this it is searched as text. */
export const MAX_DEPTH = 4;

/** Finds what the rules list in a layer that is JSON. @returns why it is none, where it is none */
export function findInJson(layer: Layer, findings: Findings): JsonFault | undefined {
  const { root, fault } = outline(layer.text);
  if (root) visit({ layer, findings }, readTree(layer.text, root.start), undefined, '');
  return fault;
}

/**
 * Whether JSON ends before it is closed. Then it may hold a setting's value whose name is lost, and no word
 * of any rule tells of that.
 */
export function isCutOff(text: string): boolean {
  let last = text.length - 1;
  while (last >= 0 && text.charCodeAt(last) <= SPACE) last--;
  const code = text.charCodeAt(last);
  return code !== CLOSE_BRACKET && code !== CLOSE_BRACE;
}

const SPACE = 0x20;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;

export type Search = { readonly layer: Layer; readonly findings: Findings };

/**
 * @param sealedClass set where a name above already says that every scalar here is to be sealed
 * @param name the member's own name in lower case; of an array's items, the array's
 */
function visit(search: Search, node: JsonNode, sealedClass: SealedClass | undefined, name: string): void {
  const { layer, findings } = search;
  switch (node.kind) {
    case 'object':
      visitObject(search, node, sealedClass, name);
      break;
    case 'array':
      for (const item of node.items) visit(search, item, sealedClass, name);
      break;
    case 'string':
      if (sealedClass) addString(search, node.start, node.end, sealedClass);
      else visitString(search, node.start, node.end, name);
      break;
    case 'number':
      if (sealedClass) findings.add(layer, node.start, node.end, sealedClass, 'number');
      break;
    default:
  }
}

function visitObject(
  search: Search,
  node: JsonObjectNode,
  above: SealedClass | undefined,
  name: string,
): void {
  const { members } = node;
  if (search.findings.names.dataTransfer.length > 0) findTransferred(search, members);
  const company: Company = { above, setting: settingOf(search, members), below: name, members };
  for (const member of members) {
    const own = member.name.toLowerCase();
    visit(search, member.value, classOf(search, own, company), own);
  }
}

type Company = {
  readonly above: SealedClass | undefined;
  readonly setting: SealedClass | undefined;
  readonly below: string;
  readonly members: readonly JsonMember[];
  /** Their names, once somebody asked: asked for each of many members, they must not be read through each time. */
  names?: ReadonlySet<string>;
};

function classOf(search: Search, own: string, company: Company): SealedClass | undefined {
  const { above, setting } = company;
  if (above && !names.CLEAR_INSIDE.has(own)) return above;
  if (setting && names.VALUE_MEMBERS.has(own)) return setting;
  return search.findings.names.memberClass(own) ?? classInCompany(own, company);
}

function classInCompany(own: string, company: Company): SealedClass | undefined {
  return names.IN_COMPANY.find(
    (rule) =>
      rule.name === own &&
      (rule.below === undefined || rule.below === company.below) &&
      (rule.beside === undefined || namesIn(company).has(rule.beside)),
  )?.class;
}

function namesIn(company: Company): ReadonlySet<string> {
  return (company.names ??= new Set(company.members.map(({ name }) => name.toLowerCase())));
}

/** A name stands in an object inside another one at most; looked for at any depth, each level would be read from each above. */
const MAX_NAMING_DEPTH = 2;

/** The class of the setting that an object names, as `key` or as `variable.name`. */
function settingOf(search: Search, members: readonly JsonMember[], depth = 0): SealedClass | undefined {
  for (const { name, value } of members) {
    if (!names.NAMING_MEMBERS.has(name.toLowerCase())) continue;
    const found =
      value.kind === 'string'
        ? search.findings.names.settingClass(contentOf(search.layer, value.start, value.end))
        : value.kind === 'object' && depth < MAX_NAMING_DEPTH && settingOf(search, value.members, depth + 1);
    if (found) return found;
  }
  return undefined;
}

export function contentOf(layer: Layer, start: number, end: number): string {
  return utf8(layer.unescape(start + 1, end - 1).text);
}

export function addString(
  { layer, findings }: Search,
  start: number,
  end: number,
  sealedClass: SealedClass,
): void {
  const content = layer.unescape(start + 1, end - 1);
  findings.add(content, 0, content.text.length, sealedClass, 'string');
}

/** Looks for JSON, URLs and names inside a string that is not sealed itself. */
function visitString(search: Search, start: number, end: number, name: string): void {
  const { layer, findings } = search;
  if (names.PATH_MEMBERS.has(name)) findInParameters(layer.unescape(start + 1, end - 1), findings);
  if (!findings.names.mightHold(layer.text, start + 1, end - 1)) return;
  const content = layer.unescape(start + 1, end - 1);
  const first = content.text.trimStart().charAt(0);
  const mayBeJson = first === '{' || first === '[' || first === '"';
  const isCut = mayBeJson && isCutOff(content.text);
  if (!isCut && !findings.names.mightHold(content.text)) return;
  if (mayBeJson && layer.depth < MAX_DEPTH && !findInJson(content, findings)) return;
  findInText(content, findings, false, isCut);
}
