/** The names of all secrets that a config refers to, anywhere in it. */
export function secretsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'env' in value && typeof value.env === 'string' ? [value.env] : [];
  return [...new Set([...own, ...Object.values(value).flatMap(secretsIn)])];
}

/** A text without the secrets that it may repeat, as they are or as JSON, a log line or a URL writes them. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets
    .flatMap(formsOf)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, '***'), text);

/** A secret's trailing line break is lost wherever it is shown. */
function formsOf(secret: string): string[] {
  const bare = secret.trim();
  if (bare === '') return [];
  return [...new Set([secret, bare])].flatMap((form) => [
    form,
    JSON.stringify(form).slice(1, -1),
    encodeURIComponent(form),
  ]);
}
