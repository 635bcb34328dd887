/** JSON has no number for what is worse than any limit: it is the word that verdict.json has for a failed call. */
export const historyJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_, one: unknown) => (one === Number.POSITIVE_INFINITY ? 'failed' : one), indent);
