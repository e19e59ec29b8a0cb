import { createHash } from 'node:crypto';

/** Of 44 characters, whatever a station sends in the place of a text: it may be as long as a frame. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
