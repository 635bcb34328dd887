import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { nodeEnvironment } from './child-environment.ts';
import { run } from './processes.ts';

afterEach(() => void vi.unstubAllEnvs());

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
  expect(nodeEnvironment(['SHOP_TOKEN', 'NOT_SET'], { ...known, ...others })).toEqual({
    ...known,
    NODE_V8_COVERAGE: '',
  });
});

test('what Node itself hands on, and what would keep a Node from starting, does not get there', async () => {
  const coverage = join(tmpdir(), `tenfold-coverage-${process.pid}`);
  vi.stubEnv('NODE_V8_COVERAGE', coverage);
  vi.stubEnv('NODE_OPTIONS', '--require /nowhere.js');
  const { ok, stderr } = await run(process.execPath, ['-e', ''], { environment: nodeEnvironment() });
  expect(ok, stderr).toBe(true);
  expect(existsSync(coverage)).toBe(false);
});
