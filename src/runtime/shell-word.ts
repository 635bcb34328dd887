/** A text as a POSIX shell takes it for one word; as it is where the shell gives no character of it a meaning. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
