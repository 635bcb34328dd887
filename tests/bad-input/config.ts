import { all, type Row } from './row.ts';

/** A valid config. */
const good = () => ({
  baseUrl: 'http://127.0.0.1:1',
  paths: {
    read: { limitMs: 100, probe: { path: '/products/1' } },
    write: {
      limitMs: 200,
      probe: { method: 'POST', path: '/orders' },
      requests: [{ method: 'POST', path: '/orders', order: true }],
    },
  },
  traffic: { baselineRatePerSecond: 6 },
  drills: { shop: { title: 'The traffic', why: 'It comes.', fault: null } },
});
type Config = ReturnType<typeof good>;
// biome-ignore lint/suspicious/noExplicitAny: what is put there is of no type that a config has.
type Loose = any;

const describe = ['describe', 'shop', '--config', 'tenfold.config.ts'];
const written = (text: string | Uint8Array) => ({ 'tenfold.config.ts': text });

/** A module that cannot be loaded, or does not export a config. */
const module = (what: string, text: string | Uint8Array, says: RegExp): Row => ({
  what: `a config ${what}`,
  args: describe,
  files: written(text),
  says,
});

/** A config with one thing wrong in it; numbers that JSON cannot express are written as text. */
const wrong = (what: string, change: (config: Loose) => void, says: RegExp): Row => {
  const config: Config = good();
  change(config);
  const text = JSON.stringify(config).replaceAll(/"(NaN|Infinity|-Infinity|1e308|undefined)"/g, '$1');
  const message = new RegExp(`tenfold\\.config\\.ts cannot be used:[\\s\\S]*${says.source}[\\s\\S]*docs/ATTACHED\\.md`);
  return { what: `a config with ${what}`, args: describe, files: written(`export default ${text}`), says: message };
};

const badUrl = (url: string): Row =>
  wrong(
    `the base URL ${JSON.stringify(url)}`,
    (config) => {
      config.baseUrl = url;
    },
    /must be (a URL such as https:\/\/shop\.example|scheme, host and port only)[\s\S]*→ at baseUrl/,
  );

const loads = /tenfold\.config\.ts cannot be loaded: /;
const isModule = /what to do: a config is a TypeScript module/;
const then = (first: RegExp, second: RegExp) => new RegExp(`${first.source}[\\s\\S]*${second.source}`);

export const config: Row[] = [
  {
    what: 'a config that is not there',
    args: describe,
    says: /there is no tenfold\.config\.ts[\s\S]*what to do: npm run tenfold -- init writes one/,
  },
  {
    what: 'no config at all',
    args: ['run', 'shop', '--target', 'attached'],
    says: /there is no tenfold\.config\.ts[\s\S]*init writes one/,
  },
  {
    what: 'a folder for a config',
    args: describe,
    files: { 'tenfold.config.ts': { folder: true } },
    says: then(/tenfold\.config\.ts is not a file/, isModule),
  },
  {
    what: 'a config that is a link to itself',
    args: describe,
    files: { 'tenfold.config.ts': { linkTo: 'tenfold.config.ts' } },
    says: /there is no tenfold\.config\.ts/,
  },
  {
    what: 'a config in YAML',
    args: ['run', 'shop', '--config', 'tenfold.yaml'],
    files: { 'tenfold.yaml': 'baseUrl: http://shop' },
    says: then(/tenfold\.yaml cannot be loaded: /, isModule),
  },
  {
    what: 'a config in JSON',
    args: ['plan', 'shop', '--config', 'tenfold.json'],
    files: { 'tenfold.json': JSON.stringify(good()) },
    says: then(/tenfold\.json cannot be loaded: /, isModule),
  },
  module('with a typing error', 'export default {\n  baseUrl: {{\n};', then(loads, /\(line 2\)/)),
  module(
    'that is no text',
    new Uint8Array(3_000).map((_, index) => (index * 37) % 256),
    then(loads, isModule),
  ),
  module(
    'with an enum, which Node does not take',
    'enum A { B }; export default {}',
    then(loads, /enum is not supported/),
  ),
  module(
    'that imports what is not there',
    'import a from "no-such-package"; export default a',
    then(loads, /no-such-package/),
  ),
  module('that throws', 'throw new Error("no licence")', then(loads, /no licence/)),
  module('that throws nothing', 'throw null', then(loads, /it throws null/)),
  module(
    'that exports a promise that is rejected',
    'export default Promise.reject(new Error("away"))',
    then(loads, /away/),
  ),
  module(
    'that never comes',
    'await new Promise(() => {}); export default {}',
    then(loads, /waits for something that never happens/),
  ),
  module('that ends the process as if all were well', 'process.exit(0)', then(loads, /it ends the process/)),
  module(
    'that exports another thing',
    'export const config = {}',
    /has no default export[\s\S]*export default defineConfig/,
  ),
  module('that is null', 'export default null', /cannot be used:[\s\S]*expected object, received null/),
  module('that is a function', 'export default () => ({})', /cannot be used:[\s\S]*expected object, received function/),
  module('that holds itself', 'const c: any = {}; c.c = c; export default c', /does not export plain data: .*circular/),
  module(
    'with a getter that throws',
    'export default { get baseUrl() { throw new Error("boo") } }',
    /not export plain data: boo/,
  ),
  module('that is empty', 'export default {}', all(/cannot be used/, /→ at baseUrl/, /→ at paths/, /→ at traffic/)),
  {
    what: 'a config with ten problems, told together',
    args: describe,
    files: written(
      `export default ${JSON.stringify({
        ...good(),
        baseUrl: 'shop',
        paths: { read: { limitMs: -1, probe: { path: 'p', method: 'LIST', expectStatus: [] } } },
        traffic: { baselineRatePerSecond: 'many', peakFactor: 0 },
        probing: { pooledEveryMs: 0 },
        secrets: ['A-B'],
        typo: 1,
      })}`,
    ),
    says: all(
      ...['baseUrl', 'paths.read.limitMs', 'paths.read.probe.path', 'probe.method', 'probe.expectStatus'].map(
        (place) => new RegExp(`→ at \\S*${place}`),
      ),
      ...['baselineRatePerSecond', 'peakFactor', 'pooledEveryMs', 'secrets\\[0\\]'].map(
        (place) => new RegExp(`→ at \\S*${place}`),
      ),
      /Unrecognized key: "typo"/,
    ),
  },
  ...[
    '',
    'shop',
    'http://',
    'ftp://shop',
    'http://shop:99999',
    'http://me:secret@shop',
    'http://shop/eu',
    'http://shop?a=1',
  ].map(badUrl),
  ...(
    [
      ['NaN', /expected number, received NaN/],
      ['Infinity', /expected number, received Infinity/],
      ['1e308', /Too big: expected number to be <=100000/],
      [-5, /Too small: expected number to be >=1/],
      ['7', /expected number, received string/],
      [null, /expected number, received null/],
    ] as const
  ).map(([rate, says]) =>
    wrong(
      `a rate of ${JSON.stringify(rate)}`,
      (config) => {
        config.traffic.baselineRatePerSecond = rate;
      },
      new RegExp(`${says.source}\\s+→ at traffic\\.baselineRatePerSecond`),
    ),
  ),
  wrong('a peak that no machine sends', (c) => (c.traffic.peakFactor = 1e9), /<=1000\s+→ at traffic\.peakFactor/),
  wrong('writes alone', (c) => (c.traffic.writeShare = 1), /<1\s+→ at traffic\.writeShare/),
  wrong('a limit of no time', (c) => (c.paths.read.limitMs = 0), />0\s+→ at paths\.read\.limitMs/),
  wrong('a limit of ages', (c) => (c.paths.read.limitMs = 1e300), /<=86400000\s+→ at paths\.read\.limitMs/),
  wrong('a peak of years', (c) => (c.drills.shop.minPeakMs = 1e12), /<=86400000\s+→ at drills\.shop\.minPeakMs/),
  wrong(
    'half a millisecond',
    (c) => (c.drills.shop.minPeakMs = 2.5),
    /expected int[\s\S]*→ at drills\.shop\.minPeakMs/,
  ),
  wrong(
    'a drill of no kind',
    (c) => (c.drills.constructor = 5),
    /expected object, received number\s+→ at drills\.constructor/,
  ),
  wrong(
    'a drill whose name is a path',
    (c) => (c.drills['../x'] = c.drills.shop),
    /must be small letters, digits and dashes\s+→ at drills/,
  ),
  wrong(
    'a replica twice',
    (c) => (c.replicas = ['http://a', 'http://b'].map((baseUrl) => ({ name: 'one', baseUrl }))),
    /one is there twice\s+→ at replicas\[1\]\.name/,
  ),
  wrong('a header twice', (c) => (c.paths.read.probe.headers = { a: '1', A: '2' }), /is there twice/),
  wrong(
    'a status that is no answer',
    (c) => (c.paths.read.probe.expectStatus = [302]),
    /<=299[\s\S]*expectStatus\[0\]/,
  ),
  wrong(
    'thousands of mistakes',
    (c) => (c.paths.read.requests = Array(3_000).fill({ path: 'x' })),
    /\.\.\. and \d+ more lines/,
  ),
  wrong(
    'a command for a shell',
    (c) =>
      (c.drills.shop.fault = {
        summary: 's',
        ...Object.fromEntries(
          ['inject', 'prove', 'undo'].map((name) => [name, { argv: 'rm -rf /', timeoutMs: 1_000 }]),
        ),
      }),
    /must be a list of a program and its arguments/,
  ),
  wrong(
    'a command that may take for ever',
    (c) =>
      (c.drills.shop.fault = {
        summary: 's',
        ...Object.fromEntries(['inject', 'prove', 'undo'].map((name) => [name, { argv: ['x'], timeoutMs: 1e9 }])),
      }),
    /<=600000\s+→ at drills\.shop\.fault\.inject\.timeoutMs/,
  ),
  wrong(
    'a password in the open',
    (c) => (c.orders = { from: 'sql', url: 'postgres://a:b@c/d', query: 'select $1' }),
    /expected object, received string\s+→ at orders\.url/,
  ),
  wrong('orders from nowhere', (c) => (c.orders = { from: 'mongo' }), /Expected 'sql' \| 'http'\s+→ at orders\.from/),
  wrong(
    'a budget for nothing',
    (c) => (c.errorBudget = { objective: 1, windowDays: 0, maxBurnedRatio: -1 }),
    /errorBudget\.objective[\s\S]*windowDays[\s\S]*maxBurnedRatio/,
  ),
  wrong(
    'a time zone of nowhere',
    (c) => (c.guards = { freezes: [{ why: 'x', timeZone: 'Moon/Base', from: '2026-01-01', to: '2026-01-02' }] }),
    /must be the name of a time zone, such as Europe\/Berlin or UTC\s+→ at guards\.freezes\[0\]\.timeZone/,
  ),
  wrong(
    'a stop that is none',
    (c) => (c.stopWhen = ['errors > many']),
    /must be such as error-ratio > 0\.3[\s\S]*→ at stopWhen\[0\]/,
  ),
  wrong('a k6 script that is not there', (c) => (c.traffic.script = './gone.ts'), /there is no k6 script \S+gone\.ts/),
  wrong('a k6 script that is a folder', (c) => (c.traffic.script = '.'), /there is no k6 script/),
  wrong(
    'a secret that is not set',
    (c) => (c.secrets = ['NO_SUCH_SECRET']),
    /the environment variable NO_SUCH_SECRET is not set/,
  ),
  {
    ...wrong(
      'a secret that ends in a new line',
      (c) => (c.paths.read.probe.headers = { authorization: { env: 'PASTED', prefix: 'Bearer ' } }),
      /PASTED cannot be sent: it holds a line break at its end/,
    ),
    env: { PASTED: 'token\n' },
  },
  {
    ...wrong('a secret that is empty', (c) => (c.secrets = ['EMPTY_SECRET']), /EMPTY_SECRET is not set/),
    env: { EMPTY_SECRET: '' },
  },
  ...['nope', '__proto__', 'constructor', 'toString', 'a/b'].map(
    (name): Row => ({
      what: `a drill called ${name} of a config that has none`,
      args: ['describe', name, '--config', 'tenfold.config.ts'],
      files: written(`export default ${JSON.stringify(good())}`),
      says: new RegExp(`has no drill ${name}[\\s\\S]*what to do: .*known: shop, .*aurora-failover,`),
    }),
  ),
  {
    what: 'a scale for a shop whose config says how much',
    args: [...describe, '--scale', '1:20'],
    files: written(`export default ${JSON.stringify(good())}`),
    says: /--scale is for the shop under test[\s\S]*what to do: set traffic in the config/,
  },
  {
    what: 'sessions on a shop of which no pages are known',
    args: [...describe, '--profile', 'sessions'],
    files: written(`export default ${JSON.stringify(good())}`),
    says: /the profile sessions is for the shop under test[\s\S]*what to do: take another profile/,
  },
  {
    what: 'a drill that needs what a shop of one’s own does not have',
    args: ['run', 'node-loss', '--config', 'tenfold.config.ts'],
    files: written(`export default ${JSON.stringify(good())}`),
    says: /the target attached lacks \S+: [\s\S]*what to do: node-loss was not started; define a drill in the config/,
  },
  {
    what: 'a fault that outlasts the load',
    args: ['plan', 'shop', '--config', 'tenfold.config.ts', '--profile', 'brief'],
    files: written(
      `export default ${JSON.stringify({
        ...good(),
        drills: {
          shop: {
            ...good().drills.shop,
            fault: {
              summary: 's',
              lastsMs: 80_000_000,
              ...Object.fromEntries(
                ['inject', 'prove', 'undo'].map((name) => [name, { argv: ['true'], timeoutMs: 1_000 }]),
              ),
            },
          },
        },
      })}`,
    ),
    says: /the fault lasts 80000 s, and the load ends \S+ s after the injection: make it shorter/,
  },
];
