/** What a failover of a CloudNativePG cluster needs: to kill its primary, or to make a named instance the primary. */
export const cnpgFailoverRights = [
  'watch clusters.postgresql.cnpg.io',
  'delete pods',
  'patch clusters.postgresql.cnpg.io/status',
] as const;
