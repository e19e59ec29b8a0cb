const KEPT = 'chargeproof-api-token';

/** What the API asks for where others can reach it: asked of the person once, and kept in this browser. */
export const token = {
  read: (): string | null => localStorage.getItem(KEPT),
  write: (given: string): void => {
    localStorage.setItem(KEPT, given);
  },
  forget: (): void => {
    localStorage.removeItem(KEPT);
  },
};

type Asker = (given: (token: string) => void) => void;
let asker: Asker | undefined;
let asking: Promise<void> | undefined;

/** Who asks the person for it: the dialog, once it is on the page. */
export function askBy(dialog: Asker): void {
  asker = dialog;
}

/** Resolves when the person has given one; all who wait are told at once. */
export function tokenGiven(): Promise<void> {
  asking ??= new Promise((resolve) => {
    asker?.((given) => {
      token.write(given);
      asking = undefined;
      resolve();
    });
  });
  return asking;
}
