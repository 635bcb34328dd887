/** Text for a file that others read: XML 1.0 has no way to write most control characters, nor half a surrogate pair. */
export const clean = (text: string): string =>
  text.toWellFormed().replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '\uFFFD');
