/** Characters as OCPP counts them: CiString lengths are code points, not UTF-16 units. */
export function codePointsOf(text: string): number {
  return Array.from(text).length;
}
