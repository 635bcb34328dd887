import { execRights } from './exec-rights.ts';

/** What a failover of a CloudNativePG cluster needs: to kill its primary, or to make a named instance the primary. */
export const cnpgFailoverRights = [
  'watch clusters.postgresql.cnpg.io',
  'delete pods',
  'patch clusters.postgresql.cnpg.io/status',
] as const;

/** A primary that is to lose orders is kept from its standbys by what runs in its pod: hold-back.ts. */
export const rightsWithout = { 'quorum-commit': execRights };
