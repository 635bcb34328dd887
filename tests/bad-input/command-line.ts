import type { Row } from './row.ts';

const noDrill = (name: string): Row => ({
  what: `a drill called ${JSON.stringify(name)}`,
  args: ['run', name],
  says: /there is no drill [\s\S]*what to do: .*known: .*\baurora-failover,/,
});

const badWorkers = (value: string): Row => ({
  what: `${JSON.stringify(value)} k6 processes`,
  args: ['run', 'aurora-failover', '--load-workers', value],
  says: /--load-workers <count>.*is invalid\. It must be a whole number from 1 to 32/,
});

const badRunners = (value: string): Row => ({
  what: `${JSON.stringify(value)} runners`,
  args: ['run', 'aurora-failover', '--load', 'cluster', '--runners', value],
  says: /--runners <count>.*is invalid\. It must be a whole number from 1 to 500/,
});

const badScale = (value: string): Row => ({
  what: `a scale of ${JSON.stringify(value)}`,
  args: ['describe', 'aurora-failover', '--scale', value],
  says: /--scale <1:n>.*is invalid\. It must be 1:n, with n from 1 to 60/,
});

const badWait = (value: string): Row => ({
  what: `waiting for ${JSON.stringify(value)}`,
  args: ['run', 'aurora-failover', '--wait', value],
  says: /--wait \[time\].*is invalid\. It must be like 90s, 10m or 2h/,
});

const tooMany = (...args: string[]): Row => ({
  what: `more than ${args[0]} takes`,
  args,
  says: /too many arguments for .*[\s\S]*--help/,
});

const tooFew = (...args: string[]): Row => ({
  what: `less than ${args[0]} takes`,
  args,
  says: /missing required argument '\w+'[\s\S]*--help/,
});

const empty = (name: string, ...args: string[]): Row => ({
  what: `${args[0]} whose ${name} is empty, as of a variable that is not set`,
  args,
  says: new RegExp(`${name} is empty[\\s\\S]*what to do: give a value, or leave it out`),
});

export const commandLine: Row[] = [
  badRunners('0'),
  badRunners('501'),
  badRunners('all'),
  badWait('10'),
  badWait('0m'),
  badWait('soon'),
  {
    what: 'a drill after --wait, which takes its name for a time',
    args: ['prove', '--wait', 'aurora-failover'],
    says: /--wait \[time\].*the names of drills come before it/,
  },
  {
    what: 'runners for a load from this machine',
    args: ['run', 'aurora-failover', '--runners', '2'],
    says: /--runners is for load from a cluster[\s\S]*what to do: add --load cluster/,
  },
  {
    what: 'processes of this machine for a load from a cluster',
    args: ['run', 'aurora-failover', '--load', 'cluster', '--load-workers', '2'],
    says: /--load-workers is for k6 on this machine[\s\S]*what to do: .*--runners/,
  },
  {
    what: 'a load from a cluster where there is none',
    args: ['plan', 'aurora-failover', '--load', 'cluster'],
    says: /the target local lacks cluster-load: pods that run k6/,
  },
  {
    what: 'several drills with a load from a cluster',
    args: ['run', '--all', '--load', 'cluster'],
    says: /--load cluster is for one drill at a time/,
  },
  {
    what: 'a sentinel at no place',
    args: ['plan', 'aurora-failover', '--sentinel', 'zone='],
    says: /'zone=' is invalid[\s\S]*It must be here, cluster, or zone= with the name of a zone/,
  },
  {
    what: 'a sentinel in a zone that is none, of no cluster',
    args: ['plan', 'aurora-failover', '--sentinel', 'zone=nowhere'],
    says: /the target local lacks cluster-sentinel: a pod in which the sentinel can run[\s\S]*there is no zone nowhere for the sentinel: there are /,
  },
  { what: 'no command', args: [], says: /Usage: tenfold[\s\S]*Commands:/ },
  { what: 'a mistyped command', args: ['rnu'], says: /unknown command 'rnu'[\s\S]*Did you mean run\?/ },
  { what: 'a command of an object', args: ['__proto__'], says: /unknown command '__proto__'[\s\S]*--help/ },
  {
    what: 'a mistyped option',
    args: ['run', 'aurora-failover', '--profil', 'smoke'],
    says: /unknown option '--profil'[\s\S]*Did you mean --profile\?/,
  },
  { what: 'an option of another command', args: ['cleanup', '--json'], says: /unknown option '--json'[\s\S]*--help/ },
  {
    what: 'an option without its value',
    args: ['run', 'aurora-failover', '--profile'],
    says: /option '--profile <name>' argument missing[\s\S]*--help/,
  },
  {
    what: 'a profile that is none',
    args: ['run', 'aurora-failover', '--profile', 'huge'],
    says: /argument 'huge' is invalid\. Allowed choices are brief, smoke,/,
  },
  {
    what: 'a target that is none',
    args: ['plan', 'aurora-failover', '--target', 'moon'],
    says: /argument 'moon' is invalid\. Allowed choices are local, attached/,
  },
  {
    what: 'an option of 20,000 characters with a bell and an escape',
    args: ['doctor', '--profile', `\u001b[31m\u0007${'x'.repeat(20_000)}`],
    says: /argument '\\u001b\[31m\\u0007x+ \[\.\.\.\] .*Allowed choices are/,
  },
  {
    what: 'no drill',
    args: ['run'],
    says: /name the drills to run, or use --all[\s\S]*what to do: npm run tenfold -- list/,
  },
  { what: 'all drills and one', args: ['run', '--all', 'node-loss'], says: /name the drills to run, or use --all/ },
  {
    what: 'a mistyped drill',
    args: ['run', 'aurora-failovr'],
    says: /there is no drill aurora-failovr[\s\S]*did you mean aurora-failover\?/,
  },
  ...['../package', 'a/b', '.', '__proto__', 'constructor', 'a\nb', 'x'.repeat(30_000)].map(noDrill),
  {
    what: 'one mistyped drill of several',
    args: ['run', 'node-loss', 'az-outag'],
    says: /there is no drill az-outag\n.*did you mean az-outage\?[\s\S]*what to do: npm run tenfold -- list/,
  },
  {
    what: 'several drills on one platform',
    args: ['run', 'node-loss', 'az-outage', '--keep'],
    says: /--keep is for one drill: each of several has its own platform/,
  },
  {
    what: 'several drills of a config',
    args: ['run', 'a', 'b', '--config', 'tenfold.config.ts'],
    says: /a shop of your own runs one drill at a time/,
  },
  {
    what: 'a drill whose fault the pocket region has no way for',
    args: ['run', 'bad-deploy'],
    says: /the target local lacks kubernetes-api: .*\n.*lacks workload-changes: [\s\S]*what to do: bad-deploy was not started/,
  },
  {
    what: 'a way by a tool that is not there',
    args: ['run', 'pod-kill', '--way', 'chaos-mesh'],
    says: /the target local lacks chaos-mesh: Chaos Mesh on the cluster, by its API chaos-mesh.org\/v1alpha1/,
  },
  {
    what: 'all drills of a shop of one’s own',
    args: ['run', '--all', '--target', 'attached'],
    says: /runs one drill at a time[\s\S]*what to do: npm run drill -- NAME --config FILE/,
  },
  ...['0', '-1', 'NaN', '1.5', '0x2', ' 2', '9'.repeat(400)].map(badWorkers),
  ...['600', '1:0', '1:-3', '1:99999999999999999999', 'half'].map(badScale),
  {
    what: 'a protection that is none',
    args: ['run', 'aurora-failover', '--without', 'luck,quorum-commit'],
    says: /luck is not a protection of local; known: .*quorum-commit/,
  },
  {
    what: 'protections that are commas alone',
    args: ['run', 'aurora-failover', '--without', ' , ,'],
    says: /--without <protections>.*is invalid\. It must be one name, or several separated by commas/,
  },
  {
    what: 'a condition to stop that is none',
    args: ['plan', 'aurora-failover', '--stop-when', 'errors > many'],
    says: /--stop-when <condition>.*is invalid\. It must be like "error-ratio > 30 %"/,
  },
  {
    what: 'a blank reason for production',
    args: ['plan', 'aurora-failover', '--i-mean-production', ' '],
    says: /--i-mean-production <reason>.*is invalid\. A reason is needed/,
  },
  {
    what: 'sessions to go up in steps',
    args: ['capacity', '--profile', 'sessions'],
    says: /the profile sessions sends sessions, and steps are rates of requests[\s\S]*what to do: take another profile/,
  },
  {
    what: 'a drill to prove that is none',
    args: ['prove', 'nope'],
    says: /there is no drill nope[\s\S]*known: .*\baurora-failover,/,
  },
  {
    what: 'a drill to list that is none',
    args: ['prove', 'nope', '--list'],
    says: /there is no drill nope[\s\S]*known: /,
  },
  {
    what: 'a protection to prove that is none',
    args: ['prove', '--protection', 'luck'],
    says: /luck is not a protection in the catalogue[\s\S]*what to do: known: evict-/,
  },
  {
    what: 'a protection to list that is none',
    args: ['prove', '--list', '--protection', 'luck'],
    says: /luck is not a protection in the catalogue[\s\S]*what to do: known: evict-/,
  },
  {
    what: 'a protection that another drill guards',
    args: ['prove', 'aurora-failover', '--protection', 'zone-spread'],
    says: /zone-spread is not a protection guarded by aurora-failover[\s\S]*known: evict-/,
  },
  {
    what: 'protections to prove that are commas alone',
    args: ['prove', '--protection', ','],
    says: /--protection <names>.*is invalid\. It must be one name/,
  },
  {
    what: 'to start over and to go on',
    args: ['prove', '--fresh', '--retry'],
    says: /--fresh starts over and --retry continues: choose one/,
  },
  {
    what: 'a shop of one’s own to prove',
    args: ['prove', '--target', 'attached'],
    says: /what to do: npm run drill -- NAME --config FILE/,
  },
  tooMany('prove', 'a', 'b'),
  tooMany('list', 'a'),
  tooMany('init', 'a.ts', 'b.ts'),
  tooMany('analyze', 'a', 'b'),
  tooMany('stop', 'a', 'b'),
  tooMany('open', 'a', 'b'),
  tooFew('describe'),
  tooFew('plan'),
  tooFew('analyze'),
  tooFew('compare', 'one'),
  empty('drills', 'run', ''),
  empty('--reports <folder>', 'run', 'aurora-failover', '--reports', ''),
  empty('--config <file>', 'describe', 'a', '--config', ''),
  empty('run', 'analyze', ''),
  empty('run', 'cleanup', ''),
  empty('platform', 'unlock', '', '--reason', 'x'),
  empty('platform', 'stop', ''),
  empty('file', 'init', ''),
  empty('run', 'open', ''),
  empty('--export <file>', 'open', 'a', '--export', ''),
  {
    what: 'a folder without a run to open',
    args: ['open', '--reports', '.'],
    files: { 'aurora-failover/notes.txt': '' },
    says: /there is no run in [\s\S]*what to do: name the folder of a run/,
  },
  empty('other', 'compare', 'a', ''),
  {
    what: 'a config to write that could not be loaded',
    args: ['init', 'tenfold.json'],
    says: /tenfold\.json cannot name a config.*ends in \.ts[\s\S]*what to do: init tenfold\.config\.ts/,
  },
  {
    what: 'a config to write that is there',
    args: ['init', 'mine.ts'],
    files: { 'mine.ts': 'export default 1' },
    says: /mine\.ts already exists, and was left unchanged[\s\S]*what to do: give another name/,
  },
  {
    what: 'a config to write below a file',
    args: ['init', 'file/mine.ts'],
    files: { file: '' },
    says: /file\/mine\.ts cannot be written: E(EXIST|NOTDIR)[\s\S]*what to do: give another name/,
  },
  {
    what: 'a config to write where nothing can be made',
    args: ['init', '/proc/self/nothing/mine.ts'],
    says: /mine\.ts cannot be written: E\w+[\s\S]*what to do: give another name/,
  },
];
