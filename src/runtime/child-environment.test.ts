import { expect, test } from 'vitest';
import { nodeEnvironment } from './child-environment.ts';

test("a program of tenfold's own learns where things are, whom to trust and what it reads, and nothing that is said to others", () => {
  const known = {
    PATH: '/bin',
    HOME: '/home/me',
    TMPDIR: '/tmp',
    TENFOLD_TEST_MARK: 'x',
    SSL_CERT_FILE: '/ca.pem',
    NODE_EXTRA_CA_CERTS: '/more.pem',
    SHOP_TOKEN: 't',
  };
  const others = {
    NODE_OPTIONS: '--require /nowhere.js',
    NODE_DEBUG: '*',
    NODE_V8_COVERAGE: '/coverage',
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: 'http://proxy',
    UV_THREADPOOL_SIZE: '1',
    PGSSLMODE: 'require',
    LC_ALL: 'tr_TR.UTF-8',
    BASH_ENV: '/start-up',
    LD_PRELOAD: '/spy.so',
    OTHER_TOKEN: 'o',
    NOT_SET: undefined,
  };
  expect(nodeEnvironment(['SHOP_TOKEN', 'NOT_SET'], { ...known, ...others })).toEqual(known);
});
