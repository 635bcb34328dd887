import { type Queries, queriesOf } from './queries.ts';

/** A shop of its own on shared pods; its queries reach its own tables only. */
export interface Tenant {
  name: string;
  queries: Queries;
}

export function createTenants(names: string[]): Map<string, Tenant> {
  return new Map(names.map((name) => [name, { name, queries: queriesOf(name) }]));
}
