import { expect, test } from 'vitest';
import { k6Environment } from './k6-environment.ts';

test('k6 learns what it needs and what its script reads, and nothing that acts on k6', () => {
  const environment = {
    PATH: '/bin',
    HOME: '/home/me',
    TENFOLD_TEST_MARK: 'x',
    SHOP_TOKEN: 't',
    GOOGLE_TOKEN: 'g',
    HTTPS_PROXY: 'http://proxy',
    no_proxy: '*',
    K6_VUS: '1',
    GODEBUG: 'netdns=cgo',
    SSL_CERT_FILE: '/ca.pem',
    XDG_CONFIG_HOME: '/config',
    NOT_SET: undefined,
  };
  const read = ['SHOP_TOKEN', 'HTTPS_PROXY', 'K6_VUS', 'GODEBUG', 'NOT_SET', 'NOT_THERE'];
  expect(k6Environment(read, environment)).toEqual({
    PATH: '/bin',
    HOME: '/home/me',
    TENFOLD_TEST_MARK: 'x',
    SHOP_TOKEN: 't',
  });
});
