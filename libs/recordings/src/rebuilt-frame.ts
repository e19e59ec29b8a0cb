import { bytesOf, type JsonNode, latin1, outline, readTree } from '@chargeproof/json';

type Place = (part: (...names: readonly string[]) => string | undefined) => readonly (string | undefined)[];

/** Message type → the frame's elements, by where a trace has them. A missing one has no element. */
const SHAPES: Readonly<Record<string, Place>> = {
  '"CALL"': (part) => ['2', part('messageId'), part('action'), part('payload') ?? '{}'],
  '"CALLRESULT"': (part) => ['3', part('messageId'), part('payload') ?? '{}'],
  '"CALLERROR"': (part) => [
    '4',
    part('messageId'),
    part('error', 'code') ?? '""',
    part('error', 'description') ?? '""',
    part('error', 'details') ?? '{}',
  ],
};

/**
 * The frame of a trace's line that has no `raw`, from its other members. Each is copied as it is written, so
 * that numbers keep their digits; what stood between them on the wire is not known.
 * @param line JSON, an object
 * @returns why there is none, where there is too little to make one
 */
export function rebuiltFrame(line: Buffer): Buffer | string {
  const text = latin1(line);
  const start = outline(text).root?.start;
  if (start === undefined) return 'is nested too deep';
  const root = readTree(text, start);
  const part = (...names: readonly string[]) => {
    const found = names.reduce<JsonNode | undefined>((node, name) => member(node, name), root);
    return found && text.slice(found.start, found.end);
  };
  const shape = SHAPES[part('messageType') ?? ''];
  if (shape === undefined) return 'has neither raw nor a messageType';
  const elements = shape(part);
  return elements.includes(undefined)
    ? 'has neither raw nor what a frame is made of'
    : bytesOf(`[${elements.join(',')}]`);
}

function member(node: JsonNode | undefined, name: string): JsonNode | undefined {
  const members = node?.kind === 'object' ? node.members : [];
  return members.findLast((each) => each.name === name)?.value;
}
