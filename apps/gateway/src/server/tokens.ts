/** Injection tokens of what is no class. */
export const PARTS = Symbol('parts');
export const RUN = Symbol('run');
