/** The names of all secrets that a config refers to, wherever in it. */
export function secretsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'env' in value && typeof value.env === 'string' ? [value.env] : [];
  return [...new Set([...own, ...Object.values(value).flatMap(secretsIn)])];
}

/** A text without the secrets that it may have repeated. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.filter((secret) => secret !== '').reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
