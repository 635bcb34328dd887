import pg from 'pg';

/** How to reach a database as one of its roles. */
export interface Access {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

/** Connects, uses the connection and closes it. */
export async function withClient<T>(
  access: Access,
  use: (client: pg.Client) => Promise<T>,
  { queryTimeoutMs = 30_000 } = {},
): Promise<T> {
  const client = new pg.Client({ ...access, connectionTimeoutMillis: 5_000, query_timeout: queryTimeoutMs });
  // A server that dies rejects the query in flight too; without a listener it would end this process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}
