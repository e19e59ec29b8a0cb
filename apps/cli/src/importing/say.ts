/** What a long command tells a person, on stderr. */
export type Say = {
  line(text: string): void;
  /** Names the lines of a file that gave no frame: the first of them each, and how many more there were. */
  unreadLinesOf(path: string): {
    readonly line: (line: number, lines: number, problem: string) => void;
    readonly end: () => void;
  };
  /** Shows how far it is, where a person looks: at a terminal, about twice a second. */
  progress(what: string, ofBytes: number): (bytes: number) => void;
};

const MOST_LINES = 20;
const STEP_MILLISECONDS = 500;
const CLEAR_LINE = '\r\u001b[K';

export function sayOn(stream: NodeJS.WriteStream): Say {
  let isShowing = false;
  let shown = performance.now();
  const line = (text: string) => {
    stream.write(`${isShowing ? CLEAR_LINE : ''}${text}\n`);
    isShowing = false;
  };
  return {
    line,
    unreadLinesOf(path) {
      let count = 0;
      return {
        line: (number, lines, problem) => {
          count += lines;
          if (count <= MOST_LINES)
            line(`${path}:${number}: ${lines === 1 ? '' : `${lines} lines from here: `}${problem}`);
        },
        end: () => {
          if (count > MOST_LINES) line(`${path}: ${count} lines in all gave no frame`);
        },
      };
    },
    progress: (what, ofBytes) => (bytes) => {
      if (!stream.isTTY || (performance.now() - shown < STEP_MILLISECONDS && bytes < ofBytes)) return;
      shown = performance.now();
      isShowing = bytes < ofBytes;
      stream.write(`${CLEAR_LINE}${isShowing ? `${what} ${Math.floor((100 * bytes) / ofBytes)} %` : ''}`);
    },
  };
}
