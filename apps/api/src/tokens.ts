/** Names under which Nest hands out what is not a class of ours. */
export const STORE = Symbol('store');
export const API_SETTINGS = Symbol('api settings');
export const READINESS = Symbol('readiness');
