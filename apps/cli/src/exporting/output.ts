import type { Writable } from 'node:stream';

/** What is written at once. */
const CHUNK_CHARACTERS = 256 * 1024;

/** Writes lines to a stream no faster than they are read there. */
export class Output {
  readonly #stream: Writable;
  #held = '';
  #isClosed = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    // Each write tells of it too; without a listener it would end the process.
    stream.on('error', () => undefined);
  }

  /** Whether nobody reads any more, as behind `| head`. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Waits now and then. @throws what the stream says, but for a reader that has gone */
  async line(line: string): Promise<void> {
    this.#held += line;
    if (this.#held.length >= CHUNK_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#held;
    this.#held = '';
    if (text === '' || this.#isClosed) return;
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(text, (error) => {
        if (error == null) resolve();
        else if ((error as NodeJS.ErrnoException).code === 'EPIPE') this.#close(resolve);
        else reject(error);
      });
    });
  }

  #close(resolve: () => void): void {
    this.#isClosed = true;
    resolve();
  }
}
