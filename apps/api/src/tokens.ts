/** Names under which Nest hands out what is not a class of ours. */
export const STORE = Symbol('store');
