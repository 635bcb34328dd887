import { cp, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findK6 } from '../src/load/find-k6.ts';
import { exitCodes } from '../src/model/exit-codes.ts';
import { childEnvironment } from '../src/runtime/child-environment.ts';
import { rootFolder, run } from '../src/runtime/processes.ts';
import {
  expectWhatHoldsOnAnyHost,
  leftovers,
  makePlace,
  type Place,
  startDrill,
  startTenfold,
  theRun,
} from './harness.ts';
import { shellOf } from './leftovers.ts';

const main = join(rootFolder, 'src', 'cli', 'main.ts');

/** What people have set for their other work: none of it concerns a drill, and each has kept one from its verdict. */
async function saidToOthers(place: Place): Promise<Record<string, string>> {
  const folder = join(place.mark, 'said to others');
  await mkdir(folder);
  // Ends every Node that is started with it, except the first.
  const hostile = join(folder, 'hostile.cjs');
  await writeFile(hostile, `if (process.argv[1] !== ${JSON.stringify(main)}) process.exit(99);\n`);
  const startUp = join(folder, 'start-up.sh');
  await writeFile(startUp, 'exit 98\n');
  return {
    NODE_OPTIONS: `--require ${JSON.stringify(hostile)}`,
    NODE_V8_COVERAGE: join(folder, 'coverage'),
    NODE_DEBUG: 'tls',
    NODE_PENDING_DEPRECATION: '1',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem',
    UV_THREADPOOL_SIZE: '1',
    ...Object.fromEntries(
      ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'].map((name) => [name, 'http://127.0.0.1:1']),
    ),
    ...{
      PGHOST: '/nowhere',
      PGSSLMODE: 'require',
      PGOPTIONS: '-c statement_timeout=1',
      PGDATA: '/nowhere',
      PGUSER: 'me',
    },
    ...{ AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    ...{ AWS_PROFILE: 'of-work', AWS_DEFAULTS_MODE: 'fast', AWS_MAX_ATTEMPTS: 'many', AWS_CA_BUNDLE: '/nowhere' },
    ...{
      K6_VUS: '1',
      K6_DURATION: '1s',
      K6_OUT: 'json',
      K6_NO_SETUP: 'true',
      GODEBUG: 'http2debug=2',
      GOMEMLIMIT: '1B',
    },
    ...{ GIT_DIR: '/nowhere', GIT_WORK_TREE: '/nowhere', GIT_INDEX_FILE: '/nowhere' },
    ...{ BASH_ENV: startUp, ENV: startUp, CDPATH: '/nowhere', IFS: 'a', SHELLOPTS: 'errexit:nounset' },
    ...{ LANG: 'xx_XX', LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati', LD_LIBRARY_PATH: '/nowhere' },
    ...{ TERM: 'dumb', COLUMNS: '1', HOME: '/proc/nowhere', XDG_CACHE_HOME: 'relative', XDG_CONFIG_HOME: 'relative' },
  };
}

/** A temporary folder that everyone can enter, with a name longer than a socket's may be. */
async function oddFolder(place: Place): Promise<string> {
  const folder = join(place.temp, `it's "100 %" für #1 ?&=[*] ${'long '.repeat(30)}`);
  await mkdir(folder);
  return folder;
}

test('a drill goes as ever, whatever is said to other programs', async () => {
  await using place = await makePlace();
  const K6_PATH = (await findK6(() => {})).path;
  const TMPDIR = await oddFolder(place);
  const env = { ...(await saidToOthers(place)), K6_PATH, TMPDIR };
  const umask = process.umask(0o077);
  const started = startDrill(place, ['--profile', 'brief', '--scale', '1:60'], env);
  process.umask(umask);
  const { stderr, exitCode } = await started;
  const { verdict } = await theRun(place).catch((error: Error) => {
    throw new Error(`${error.message}\n${stderr}`);
  });
  expectWhatHoldsOnAnyHost(verdict, stderr);
  expect([exitCodes.pass, exitCodes.fail, exitCodes.inconclusive]).toContain(exitCode);
  expect(verdict.orders.persisted).toBeGreaterThan(0);
  const { stdout: commit } = await run('git', ['rev-parse', 'HEAD'], {
    cwd: rootFolder,
    environment: childEnvironment(() => false),
  });
  expect(verdict.environment.commit).toBe(commit.trim());
  // No other Node wrote any.
  expect(await readdir(join(place.mark, 'said to others', 'coverage'))).toHaveLength(1);
  expect(await readdir(TMPDIR)).toEqual([]);
  expect((await leftovers(place)).filter((left) => left.startsWith('process'))).toEqual([]);
});

test('a run is judged to the byte in any language and any time zone, and where nothing can be written but its folder', async () => {
  await using place = await makePlace();
  const recorded = join(rootFolder, 'fixtures', 'runs', 'spot-eviction-brief');
  const copy = join(place.mark, 'run');
  await cp(recorded, copy, { recursive: true });
  const env = {
    LC_ALL: 'tr_TR.UTF-8',
    LANG: 'tr_TR',
    TZ: 'Pacific/Kiritimati',
    HOME: '/proc/nowhere',
    UV_THREADPOOL_SIZE: '1',
  };
  const { stderr, exitCode } = await startTenfold(place, ['analyze', copy], env);
  expect(exitCode, stderr).toBe(exitCodes.pass);
  expect(await readFile(join(copy, 'verdict.json'), 'utf8')).toBe(
    await readFile(join(recorded, 'verdict.json'), 'utf8'),
  );
});

test.each([
  {
    most: 256,
    scale: '1:60',
    says: /256 files open here; a drill needs at least 1024[\s\S]*raise the hard limit: ulimit -Hn 1024/,
  },
  {
    most: 1_500,
    scale: '1:10',
    says: /1500 files open; \d+ virtual users need up to \d{4}[\s\S]*raise the hard limit: ulimit -Hn \d{4}/,
  },
])(
  '$most descriptors are too few for $scale of the traffic, and that is told before anything is started',
  async ({ most, scale, says }) => {
    await using place = await makePlace();
    const command = ['run', 'aurora-failover', '--scale', scale, '--reports', place.reports];
    const limited = shellOf(place)({ prefix: `ulimit -n ${most}; exec ` });
    const { exitCode, stderr, stdout } = await limited`${process.execPath} ${main} ${command}`;
    expect(exitCode, stderr).toBe(exitCodes.invalid);
    expect(stderr).toMatch(says);
    expect(stdout).toBe('');
    expect(await leftovers(place)).toEqual([]);
  },
);

test('a checkout whose path has any character works', async () => {
  await using place = await makePlace();
  const odd = join(place.mark, `it's #1 100% ü?&=[x]{a,b}; $HOME dir`);
  for (const name of ['bin', 'chaos', 'infra-under-test', 'scenarios', 'src', 'package.json'])
    await cp(join(rootFolder, name), join(odd, name), { recursive: true });
  await symlink(await realpath(join(rootFolder, 'node_modules')), join(odd, 'node_modules'));
  const start = (program: string, args: string[]) =>
    shellOf(place)({ stdio: 'pipe' })`${process.execPath} ${join(odd, program)} ${args}`;
  const config = join(place.mark, 'tenfold.config.ts');
  for (const args of [['init', config], ['describe', 'checkout-down', '--config', config], ['list']]) {
    const { exitCode, stderr } = await start('src/cli/main.ts', args);
    expect(exitCode, stderr).toBe(exitCodes.pass);
  }
  const region = start('infra-under-test/region/main.ts', ['up', '--lifeline', '--json']);
  // It ends once its stdin is closed.
  region.stdout.once('data', () => region.stdin.end());
  const { exitCode, stderr } = await region;
  expect(exitCode, stderr).toBe(exitCodes.pass);
  expect(stderr).toContain('pods healthy at the edge');
  expect(await leftovers(place)).toEqual([]);
});
