import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../tests/support/doctor-context.ts';
import type { Context } from './check.ts';
import { surroundings } from './surroundings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-test-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

const look = (environment: Context['environment'], standsUp = true) =>
  surroundings.run(testContext({ environment, standsUp }));

test('where nothing is set there is nothing to tell', async () => {
  expect(await look({ PATH: '/bin', HTTP_PROXY: '', K6_PATH: '/opt/k6' })).toEqual([
    { outcome: 'ok', message: expect.stringContaining('none is set') },
  ]);
});

test('a proxy is told by its name alone, for its address may hold a password', async () => {
  const answers = await look({ HTTPS_PROXY: 'http://me:secret@proxy:3128', http_proxy: 'http://proxy' });
  expect(answers).toEqual([{ outcome: 'ok', message: expect.stringMatching(/^http_proxy, HTTPS_PROXY: not used/) }]);
  expect(JSON.stringify(answers)).not.toContain('secret');
});

test('an authority that is not there, or is none, is a warning; one that is there is trusted', async () => {
  const [good, bad] = [join(folder, 'ca.pem'), join(folder, 'key.pem')];
  await writeFile(good, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
  await writeFile(bad, '-----BEGIN PRIVATE KEY-----\n');
  const all = { NODE_EXTRA_CA_CERTS: join(folder, 'none'), SSL_CERT_FILE: bad, SSL_CERT_DIR: `${folder}:/not/there` };
  expect(await look(all)).toMatchObject([
    { outcome: 'warning', message: expect.stringMatching(/^NODE_EXTRA_CA_CERTS names .*none, which does not exist/) },
    { outcome: 'warning', message: expect.stringMatching(/^SSL_CERT_FILE .* holds no certificate/) },
    { outcome: 'warning', message: expect.stringMatching(/^SSL_CERT_DIR names \/not\/there/) },
  ]);
  expect(await look({ NODE_EXTRA_CA_CERTS: good, SSL_CERT_DIR: folder })).toMatchObject([{ outcome: 'ok' }]);
});

test('options of Node are in what is measured, those of k6 and Go are not', async () => {
  expect(await look({ NODE_OPTIONS: '--inspect', K6_VUS: '1', GODEBUG: 'x=1' })).toMatchObject([
    { outcome: 'warning', message: expect.stringContaining('NODE_OPTIONS'), remedy: 'unset NODE_OPTIONS' },
    { outcome: 'ok', message: expect.stringMatching(/^GODEBUG, K6_VUS: kept from k6/) },
  ]);
});

test('what is said of AWS does not reach the pocket region', async () => {
  const environment = { AWS_USE_FIPS_ENDPOINT: 'true', AWS_PROFILE: 'work' };
  expect(await look(environment)).toMatchObject([
    { outcome: 'ok', message: expect.stringMatching(/^AWS_.*AWS_.*: not used/) },
  ]);
  expect(await look(environment, false)).toMatchObject([
    { outcome: 'ok', message: expect.stringMatching('no AWS endpoint') },
  ]);
});

test("variables of PostgreSQL and of TLS matter to a shop of one's own alone", async () => {
  const environment = { PGHOST: 'db', PGSSLMODE: 'disable', NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  expect(await look(environment)).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
  expect(await look(environment, false)).toMatchObject([
    { outcome: 'warning', message: expect.stringContaining('certificate is still checked') },
    { outcome: 'warning', message: expect.stringMatching(/^PGHOST, PGSSLMODE: /) },
  ]);
});
