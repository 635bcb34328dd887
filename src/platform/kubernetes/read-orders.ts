import type { Orders } from '../../model/facets.ts';
import { readStorefrontOrders } from '../storefront-orders.ts';
import type { ClusterApi } from './cluster-api.ts';
import type { CnpgWatch } from './cnpg-database.ts';
import { forwardPort } from './forward-port.ts';

/** Orders as the database's primary has them. */
export const ordersFacet = (api: ClusterApi, cnpg: CnpgWatch): Orders => ({
  scope: 'all',
  async read(keyPrefix, sinceMs) {
    const { namespace } = cnpg;
    const pod = cnpg.now().status?.currentPrimary;
    if (pod === undefined) throw new Error(`the database in ${namespace} has no primary`);
    const { data = {} } = await api.core.readNamespacedSecret({ name: 'login-auditor', namespace });
    const text = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString();
    await using forwarded = await forwardPort(api, { namespace, pod, port: 5432 });
    const access = {
      host: '127.0.0.1',
      port: forwarded.port,
      database: 'shop',
      user: text('username'),
      password: text('password'),
    };
    return await readStorefrontOrders(access, keyPrefix, sinceMs);
  },
});
