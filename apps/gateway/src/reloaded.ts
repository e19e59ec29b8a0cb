import { statSync } from 'node:fs';

/**
 * What is read from files. Whoever asks for it has it as the files are now: it is read anew where one of them has
 * changed. What cannot be used is told once and changes nothing; it is tried again until it can.
 */
export class Reloaded<Value> {
  readonly #files: readonly string[];
  readonly #read: () => Value;
  readonly #onUnusable: (error: Error) => void;
  #version: string;
  #value: Value;
  #told: string | undefined;

  /** @throws what `read` throws, the first time */
  constructor(files: readonly string[], read: () => Value, onUnusable: (error: Error) => void) {
    this.#files = files;
    this.#read = read;
    this.#onUnusable = onUnusable;
    // What is read is at least as new as the version says.
    this.#version = this.#versionNow();
    this.#value = read();
  }

  get value(): Value {
    const version = this.#versionNow();
    if (version !== this.#version || this.#told !== undefined) this.#readAnew(version);
    return this.#value;
  }

  #readAnew(version: string): void {
    try {
      this.#value = this.#read();
      this.#version = version;
      this.#told = undefined;
    } catch (error) {
      const said = error instanceof Error ? error : new Error(String(error));
      if (said.message !== this.#told) {
        this.#onUnusable(new Error(`${said.message}; what was read before goes on to hold`));
      }
      this.#told = said.message;
    }
  }

  #versionNow(): string {
    return this.#files.map(versionOf).join('\n');
  }
}

function versionOf(file: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch {
    // Reading it will say why.
    return 'none';
  }
}
