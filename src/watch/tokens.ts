import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 192 bits in characters that a URL takes as they are. */
export const newToken = (): string => randomBytes(24).toString('base64url');

/** Whether two are the same, in a time that tells nothing about where they differ. */
export const isSame = (given: string, token: string): boolean => timingSafeEqual(digest(given), digest(token));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
