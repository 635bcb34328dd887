/** An environment in which other programs are told things that concern no drill, and a folder with an odd name for temporary files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findK6 } from '../../src/load/find-k6.ts';
import { rootFolder } from '../../src/runtime/processes.ts';
import type { Place } from '../leftovers.ts';

const main = join(rootFolder, 'src', 'cli', 'main.ts');

const folderOf = (place: Place): string => join(place.mark, 'said to others');
/** Where each Node that heeds NODE_V8_COVERAGE leaves a file. */
export const coverageOf = (place: Place): string => join(folderOf(place), 'coverage');

/** What people have set for their other work: none of it concerns a drill, and each has kept one from its verdict. */
export async function saidToOthers(place: Place): Promise<Record<string, string>> {
  const folder = folderOf(place);
  await mkdir(folder);
  // Ends every Node that is started with it, except the first.
  const hostile = join(folder, 'hostile.cjs');
  await writeFile(hostile, `if (process.argv[1] !== ${JSON.stringify(main)}) process.exit(99);\n`);
  const startUp = join(folder, 'start-up.sh');
  await writeFile(startUp, 'exit 98\n');
  return {
    K6_PATH: (await findK6(() => {})).path,
    TMPDIR: await oddFolder(place),
    NODE_OPTIONS: `--require ${JSON.stringify(hostile)}`,
    NODE_V8_COVERAGE: coverageOf(place),
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
