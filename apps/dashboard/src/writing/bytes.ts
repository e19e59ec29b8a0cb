const COLUMNS = 16;

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

export type HexLine = { readonly offset: string; readonly hex: string; readonly text: string };

/** As `hexdump -C`: sixteen bytes a line, what has no shape in ASCII as a dot. */
export function hexLines(bytes: Uint8Array): readonly HexLine[] {
  return Array.from({ length: Math.ceil(bytes.length / COLUMNS) }, (_, line) => {
    const some = bytes.subarray(line * COLUMNS, (line + 1) * COLUMNS);
    return {
      offset: (line * COLUMNS).toString(16).padStart(6, '0'),
      hex: Array.from(some, (byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: Array.from(some, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(
        '',
      ),
    };
  });
}
