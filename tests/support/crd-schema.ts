/** A schema as CRDs have it, of what is looked at here. */
export interface CrdSchema {
  type?: string;
  properties?: Record<string, CrdSchema>;
  additionalProperties?: CrdSchema | boolean;
  items?: CrdSchema;
  required?: string[];
  enum?: unknown[];
  pattern?: string;
  anyOf?: unknown[];
}

/** What the API server would refuse, by a schema as CRDs have it. */
export function refusedBy(value: unknown, schema: CrdSchema, at: string): string[] {
  if (schema.anyOf) return [];
  if (schema.enum && !schema.enum.includes(value)) return [`${at} is ${JSON.stringify(value)}`];
  if (Array.isArray(value))
    return schema.type === 'array'
      ? value.flatMap((one, index) => refusedBy(one, schema.items ?? {}, `${at}[${index}]`))
      : [`${at} is a list`];
  if (typeof value !== 'object' || value === null) {
    const type = Number.isInteger(value) ? 'integer' : typeof value;
    if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern).test(value))
      return [`${at} is ${JSON.stringify(value)}, not ${schema.pattern}`];
    return type === schema.type ? [] : [`${at} is a ${type}, not a ${schema.type}`];
  }
  if (schema.type !== 'object') return [`${at} is an object, not a ${schema.type}`];
  const missing = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${at} lacks ${name}`);
  const { additionalProperties: other } = schema;
  const inside = Object.entries(value).flatMap(([name, one]) => {
    const of = schema.properties?.[name] ?? (typeof other === 'object' ? other : undefined);
    return of ? refusedBy(one, of, `${at}.${name}`) : [`${at}.${name} is not known`];
  });
  return [...missing, ...inside];
}
