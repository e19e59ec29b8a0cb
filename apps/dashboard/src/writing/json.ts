/**
 * JSON with a line for each member. Only space between tokens changes: numbers, escapes and doubled keys
 * stand as they were sent, which parsing and writing it again would not keep.
 * @returns undefined where it is no JSON
 */
export function prettyJson(text: string): string | undefined {
  if (!isJson(text)) return undefined;
  const lines = new Lines();
  for (const [token] of text.matchAll(TOKENS)) lines.add(token);
  return lines.text;
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

class Lines {
  text = '';
  #depth = 0;
  #opened = false;

  add(token: string): void {
    if (token === ']' || token === '}') {
      this.#depth -= 1;
      this.text += this.#opened ? token : this.#line() + token;
      this.#opened = false;
      return;
    }
    if (this.#opened) this.text += this.#line();
    this.#opened = token === '[' || token === '{';
    if (this.#opened) this.#depth += 1;
    this.text += token === ':' ? ': ' : token;
    if (token === ',') this.text += this.#line();
  }

  #line = () => `\n${'  '.repeat(this.#depth)}`;
}
