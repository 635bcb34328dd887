import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type ListenAt, listenAtOf, urlOf } from '../export/addresses.ts';
import { exportFormats } from '../export/formats.ts';
import { invalid } from '../model/errors.ts';
import { exitCodes } from '../model/exit-codes.ts';
import { loadSources, type SentinelWish } from '../model/plan.ts';
import { type LiveCondition, liveConditionOf } from '../model/stop.ts';
import { sayAsTyped } from '../runtime/as-typed.ts';
import { names } from './names.ts';
import { onAScreen } from './on-a-screen.ts';
import { productionOption } from './production-option.ts';
import { refuseEmpty } from './refuse-empty.ts';
import { defaultFreshDays, defaultPercentile } from './review-defaults.ts';
import { sayError } from './say-error.ts';
import { goWhereItWasTyped } from './typed-folder.ts';
import { defaultProfile, drillTargetNames, folders, profileNames, targetNames } from './wire.ts';

const exitCodeList = Object.entries(exitCodes)
  .map(([name, code]) => `${code} ${name}`)
  .join(', ');

// Commands are loaded when they are asked for: --help and a typing error should not wait for DuckDB and the AWS SDK.
const targetOption = (names = targetNames) =>
  new Option('--target <name>', 'where to run').choices(names).default('local');
const clusterOption = () =>
  new Option(
    '--cluster <file>',
    'the settings of a cluster for --target kubernetes, or k3s to start one (default: tenfold.cluster.ts)',
  );
const profileOption = () =>
  new Option('--profile <name>', 'how much traffic, how long').choices(profileNames).default(defaultProfile);
const configOption = () => new Option('--config <file>', 'a shop of your own, which is already up (docs/ATTACHED.md)');
/** More k6 processes than this do not make a machine of any size send more. */
const maxLoadWorkers = 32;
const maxRunners = 500;
const upTo = (most: number) => (value: string) => {
  const count = Number(/^\d+$/.exec(value)?.[0]);
  if (count >= 1 && count <= most) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
};
const scaleOption = () =>
  new Option(
    '--scale <1:n>',
    "the traffic, as a share of the reference platform's (default: what fits this host)",
  ).argParser(divisorOf);
const mostDivided = 60;
function divisorOf(value: string): number {
  const divisor = Number(/^1:(\d+)$/.exec(value)?.[1]);
  if (divisor >= 1 && divisor <= mostDivided) return divisor;
  throw new InvalidArgumentError(
    `It must be 1:n, with n from 1 to ${mostDivided}: 1:10 is a tenth of the reference platform's.`,
  );
}
const wayOption = () =>
  new Option('--way <name>', 'how to inject the fault, such as fis (default: the first way that the target allows)');
const loadOption = () =>
  new Option('--load <where>', 'where k6 runs: here, or in pods of the cluster').choices(loadSources).default('here');
const runnersOption = () =>
  new Option('--runners <count>', 'with --load cluster: so many pods (default: by the peak)').argParser(
    upTo(maxRunners),
  );
const sentinelOption = () =>
  new Option(
    '--sentinel <where>',
    'where the sentinel runs: here, or in a pod of the cluster (cluster), or of one of its zones (zone=<zone>) (default: here)',
  ).argParser((value: string): SentinelWish | undefined => {
    if (value === 'here') return undefined;
    const zone = /^zone=(.+)$/.exec(value)?.[1];
    if (zone !== undefined || value === 'cluster') return { zone: zone ?? null };
    throw new InvalidArgumentError('It must be here, cluster, or zone= with the name of a zone.');
  });
const stopOption = () =>
  new Option(
    '--stop-when <condition>',
    'stop the drill early, and undo, when this holds; may be given several times',
  ).argParser((value: string, others: LiveCondition[] | undefined) => {
    const condition = liveConditionOf(value);
    if (condition) return [...(others ?? []), condition];
    throw new InvalidArgumentError('It must be like "error-ratio > 30 %", "orders < 50 %" or "burn > 10 %".');
  });
function dayFrom(value: string): string {
  const day = new Date(`${value}T00:00:00.000Z`);
  if (!Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === value) return value;
  throw new InvalidArgumentError('It must be a day, as 2026-11-27.');
}
function timeFrom(value: string): number {
  const [, count, unit] = /^(\d+)(m|h)$/.exec(value) ?? [];
  if (count !== undefined && Number(count) > 0) return Number(count) * (unit === 'h' ? 3_600_000 : 60_000);
  throw new InvalidArgumentError('It must be minutes or hours, as 90m or 2h.');
}
function percentile(value: string): number {
  if (/^\d\d$/.test(value) && Number(value) >= 50) return Number(value);
  throw new InvalidArgumentError('It must be a whole number from 50 to 99.');
}
const watchOption = () => new Option('--watch', 'show it in a browser as it runs (docs/WATCHING.md)').default(false);
const notifyOption = () =>
  new Option(
    '--notify <who>',
    'tell them at the end (docs/NOTIFYING.md): slack=, teams= or webhook= and the variable with the URL, or a file; may be given several times',
  ).argParser((value: string, others: string[] | undefined) => [...(others ?? []), value]);
const reportUrlOption = () =>
  new Option('--report-url <url>', 'with --notify: where CI publishes what is in the reports folder');
const metricsOption = () =>
  new Option(
    '--metrics <port>',
    'serve metrics to a Prometheus at this port, or address:port (docs/EXPORTING.md)',
  ).argParser((value: string): ListenAt => {
    const at = listenAtOf(value);
    if (at) return at;
    throw new InvalidArgumentError('It must be a port, or address:port.');
  });
const otlpOption = () =>
  new Option('--otlp <url>', 'send metrics and events to an OTLP receiver (docs/EXPORTING.md)').argParser(
    (value: string) => {
      const url = urlOf(value);
      if (url !== undefined) return url;
      // Not said again: there may be a password in it.
      throw invalid(
        '--otlp needs the URL of an OTLP receiver, without credentials or a query',
        'give one such as http://localhost:4318; headers are read from OTEL_EXPORTER_OTLP_HEADERS',
      );
    },
  );
const usualWait = '10m';
const unitsMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };
const waitOption = () =>
  new Option('--wait [time]', `where another drill is using the platform, wait so long (${usualWait} if left out)`)
    .preset(usualWait)
    .argParser((value: string) => {
      const [, count, unit = ''] = /^([1-9]\d{0,4})([smh])$/.exec(value) ?? [];
      if (count !== undefined) return Number(count) * (unitsMs[unit] ?? Number.NaN);
      throw new InvalidArgumentError(`It must be like 90s, ${usualWait} or 2h; the names of drills come before it.`);
    });
goWhereItWasTyped();
sayAsTyped([process.stdout, process.stderr]);
// Nobody reads any more: the drill still ends in order, with the right exit code.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const program = new Command('tenfold')
  .description('Ten times the traffic, a real failure at proven peak, and a verdict on what shoppers saw.')
  .showHelpAfterError('(--help shows commands and options)')
  .showSuggestionAfterError(true)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(onAScreen(text)) })
  .hook('preAction', async (_, command) => {
    refuseEmpty(command);
    await (await import('./check-machine.ts')).checkMachine(command.name());
  })
  .addHelpText(
    'after',
    `
Exit codes: ${exitCodeList}.

Examples:
  npm run tenfold -- doctor
  npm run drill -- aurora-failover
  npm run drill -- --all
  npm run tenfold -- prove aurora-failover
  npm run tenfold -- describe aurora-failover --profile nightly
  npm run tenfold -- analyze reports/aurora-failover/latest`,
  );

program
  .command('run')
  .description('run a drill and judge it; several run one after the other, with one summary')
  .argument('[drills...]', 'names of drills; `list` shows all')
  .option('--all', 'run all drills', false)
  .addOption(targetOption(drillTargetNames))
  .addOption(clusterOption())
  .addOption(profileOption())
  .addOption(scaleOption())
  .addOption(configOption())
  .addOption(wayOption())
  .option('--without <protections>', 'switch off protections of the platform, to see the drill fail', names, [])
  .option('--load-workers <count>', 'share the load among this many k6 processes', upTo(maxLoadWorkers))
  .addOption(loadOption())
  .addOption(runnersOption())
  .addOption(sentinelOption())
  .option('--keep', 'leave the platform up afterwards', false)
  .addOption(waitOption())
  .addOption(stopOption())
  .option('--yes', 'do not ask before drilling a shop on another machine; guards still apply', false)
  .addOption(productionOption())
  .addOption(watchOption())
  .addOption(metricsOption())
  .addOption(otlpOption())
  .addOption(notifyOption())
  .addOption(reportUrlOption())
  .option('--reports <folder>', 'where run folders go', folders.reports)
  .option('--json', 'print the verdict as JSON', false)
  .addHelpText(
    'after',
    `
Examples:
  npm run drill -- aurora-failover
  npm run drill -- aurora-failover --profile nightly --json
  npm run drill -- aurora-failover --scale 1:20
  npm run drill -- aurora-failover --without evict-read-only-connections
  npm run drill -- aurora-failover --watch
  npm run drill -- aurora-failover --notify slack=SLACK_WEBHOOK_URL
  npm run drill -- aurora-failover --metrics 9464 --otlp http://localhost:4318
  npm run drill -- aurora-failover --wait 30m
  npm run drill -- node-loss az-outage
  npm run drill -- payments-down --config tenfold.config.ts
  npm run drill -- node-loss --target kubernetes --cluster tenfold.cluster.ts
  npm run drill -- node-loss --target kubernetes --cluster k3s
  npm run drill -- --all`,
  )
  .action(async (drills: string[], options) => {
    if (options.all === drills.length > 0) {
      throw invalid('name the drills to run, or use --all', 'npm run tenfold -- list shows them');
    }
    process.exitCode =
      drills.length === 1
        ? await (await import('./commands/run.ts')).runCommand(drills[0] as string, options)
        : await (await import('./commands/run-all.ts')).runAllCommand(drills, options);
  });

program
  .command('plan')
  .summary('show what a drill would hit; touches nothing')
  .description(
    'show what a drill would hit, make, burn and undo, the rights it needs, and what its guards say; touches nothing',
  )
  .argument('<drill>')
  .addOption(targetOption(drillTargetNames))
  .addOption(clusterOption())
  .addOption(profileOption())
  .addOption(scaleOption())
  .addOption(configOption())
  .addOption(wayOption())
  .addOption(loadOption())
  .addOption(runnersOption())
  .addOption(sentinelOption())
  .addOption(stopOption())
  .addOption(productionOption())
  .option('--json', 'print all of it as JSON', false)
  .addHelpText(
    'after',
    `
Exit codes: 0 the guards allow it now, 4 one of them refuses, or the drill is invalid.

Examples:
  npm run tenfold -- plan az-outage
  npm run tenfold -- plan payments-down --config tenfold.config.ts --json`,
  )
  .action(async (drill: string, options) => {
    process.exitCode = await (await import('./commands/plan.ts')).planCommand(drill, options);
  });

program
  .command('stop')
  .description('stop the drills on this machine cleanly, as Ctrl-C in their terminal would')
  .argument('[platform]', 'only the drill on this platform; `unlock` lists platforms')
  .addHelpText(
    'after',
    `
Waits until they have undone their changes and ended.

Exit codes: 0 all have ended, or none was running, 4 no such platform, 5 one has not ended.

Examples:
  npm run tenfold -- stop
  npm run tenfold -- stop attached-shop.example-443`,
  )
  .action(async (platform: string | undefined) => {
    process.exitCode = await (await import('./commands/stop.ts')).stopCommand(platform);
  });

program
  .command('prove')
  .summary('show that drills can fail')
  .description('show that drills can fail: run each on the whole platform, and without each protection that it guards')
  .argument('[drill]', 'only this one')
  .addOption(targetOption([...targetNames, 'kubernetes']))
  .addOption(clusterOption())
  .addOption(profileOption())
  .addOption(scaleOption())
  .option('--protection <names>', 'take away only these', names, [])
  .option('--fresh', 'start over instead of continuing an interrupted matrix', false)
  .option('--retry', 'continue the last matrix, and rerun what was inconclusive', false)
  .option('--list', 'show which drill and finding guard each protection, and start nothing', false)
  .addOption(waitOption())
  .addOption(productionOption())
  .addOption(watchOption())
  .addOption(notifyOption())
  .addOption(reportUrlOption())
  .option('--reports <folder>', 'where the matrix and its runs go', folders.reports)
  .option('--json', 'print the matrix as JSON', false)
  .addHelpText(
    'after',
    `
A run without a protection is caught when the finding that guards it fails, and missed when it passes. A drill that
fails on the whole platform is a false alarm. Ctrl-C stops a matrix cleanly; the same command continues it.

Exit codes: 0 all caught and all clean, 1 missed or a false alarm, 2 inconclusive, 3 stopped, 4 invalid.

Examples:
  npm run tenfold -- prove
  npm run tenfold -- prove aurora-failover --profile brief
  npm run tenfold -- prove --protection quorum-commit,zone-spread
  npm run tenfold -- prove --retry
  npm run tenfold -- prove --list`,
  )
  .action(async (drill: string | undefined, options) => {
    process.exitCode = await (await import('./commands/prove.ts')).proveCommand(drill, options);
  });

program
  .command('capacity')
  .summary('say how much a shop carries')
  .description(
    'raise the load in steps, with nothing broken, until a promise is broken or the load side or this machine gives way; say how much the shop carries',
  )
  .addOption(targetOption(drillTargetNames))
  .addOption(clusterOption())
  .addOption(profileOption())
  .addOption(scaleOption())
  .addOption(configOption())
  .option('--load-workers <count>', 'share the load among this many k6 processes', upTo(maxLoadWorkers))
  .addOption(loadOption())
  .addOption(runnersOption())
  .addOption(sentinelOption())
  .addOption(stopOption())
  .option('--yes', 'do not ask before loading a shop on another machine; guards still apply', false)
  .addOption(productionOption())
  .option('--reports <folder>', 'where run folders go', folders.reports)
  .option('--json', 'print capacity.json', false)
  .addHelpText(
    'after',
    `
The profile says how long each step is held. docs/CAPACITY.md says how the knee is found, and when the model is not to be trusted.

Exit codes: 0 ten times the traffic is carried, by a model to be trusted, 1 it is not, 2 it is not known for certain.

Examples:
  npm run tenfold -- capacity
  npm run tenfold -- capacity --profile nightly --scale 1:30
  npm run tenfold -- capacity --config tenfold.config.ts --load-workers 4`,
  )
  .action(async (options) => {
    process.exitCode = await (await import('./commands/capacity.ts')).capacityCommand(options);
  });

program
  .command('doctor')
  .summary('say what would keep drills from a verdict')
  .description('say what on this machine, or in your own shop, would keep drills from a verdict, and what to do')
  .addOption(targetOption())
  .addOption(profileOption())
  .addOption(configOption())
  .option('--reports <folder>', 'where run folders would go', folders.reports)
  .option('--json', 'print what was found as JSON', false)
  .addHelpText(
    'after',
    `
Nothing is started, built or changed. With --config each probe of the shop is sent once, the write probe too, and orders are
read back once, as at the start of a drill. + is fine, ! makes a verdict less certain, x must be fixed, ? is unknown.

Exit codes: 0 no problem, 4 at least one.

Examples:
  npm run tenfold -- doctor
  npm run tenfold -- doctor --config tenfold.config.ts
  npm run tenfold -- doctor --profile sessions
  npm run --silent tenfold -- doctor --json | jq '.checks[] | select(any(.answers[]; .outcome == "problem"))'`,
  )
  .action(async (options) => {
    process.exitCode = await (await import('./commands/doctor.ts')).doctorCommand(options);
  });

program
  .command('init')
  .description('write a commented config for a shop of your own; an existing file is left alone')
  .argument('[file]', 'where to write it', 'tenfold.config.ts')
  .action(async (file: string) => await (await import('./commands/init.ts')).initCommand(file));

program
  .command('list')
  .description('list all drills')
  .option('--json', 'print them as JSON', false)
  .action(async (options) => await (await import('./commands/list.ts')).listCommand(options));

program
  .command('describe')
  .description('show what a drill does and what it can judge; starts nothing')
  .argument('<drill>')
  .addOption(targetOption(drillTargetNames))
  .addOption(clusterOption())
  .addOption(profileOption())
  .addOption(scaleOption())
  .addOption(configOption())
  .addOption(wayOption())
  .option('--json', 'print the plan as JSON', false)
  .action(async (drill, options) => await (await import('./commands/describe.ts')).describeCommand(drill, options));

program
  .command('analyze')
  .description('judge a stored run again from its evidence')
  .argument('<run>', 'a run folder, such as reports/aurora-failover/latest')
  .option('--objectives <file>', 'judge by other objectives, from a JSON file')
  .option('--json', 'print the verdict as JSON', false)
  .addHelpText(
    'after',
    `
Without --objectives the run's verdict and reports are rewritten: the same evidence gives the same verdict, byte for byte.
With it, FILE holds some or all objectives, as in plan.json; the others stay as the run had them. Verdict and reports then
go to <run>/again/<name of FILE>/, and the run's own verdict is unchanged.

Examples:
  npm run tenfold -- analyze reports/aurora-failover/latest
  npm run tenfold -- analyze reports/aurora-failover/latest --objectives stricter.json`,
  )
  .action(async (run, options) => {
    process.exitCode = await (await import('./commands/analyze.ts')).analyzeCommand(run, options);
  });

program
  .command('open')
  .summary('go through a finished run again')
  .description('show a finished run in the page in which drills are watched, to go through it again')
  .argument('[run]', 'a run folder; without one, the newest run')
  .option('--export <file>', 'write the page as one file that needs no network, instead of serving it')
  .option('--reports <folder>', 'where run folders are', folders.reports)
  .addHelpText(
    'after',
    `
Examples:
  npm run tenfold -- open
  npm run tenfold -- open reports/aurora-failover/latest
  npm run tenfold -- open reports/aurora-failover/latest --export game-day.html`,
  )
  .action(
    async (run: string | undefined, options) => await (await import('./commands/open.ts')).openCommand(run, options),
  );

program
  .command('export')
  .summary('write a finished run for other tools')
  .description('write a finished run for Prometheus, OpenTelemetry, Grafana, or a notebook (docs/EXPORTING.md)')
  .argument('[run]', 'a run folder; without one, the newest run')
  .addOption(new Option('--format <name>', 'what to write').choices(exportFormats).makeOptionMandatory())
  .requiredOption('--to <where>', 'openmetrics: a file; csv, parquet: a folder; otlp, grafana-annotations: a URL')
  .option('--reports <folder>', 'where run folders are', folders.reports)
  .addHelpText(
    'after',
    `
What is there already is never replaced. Secrets are read from the environment: OTEL_EXPORTER_OTLP_HEADERS, GRAFANA_TOKEN.

Examples:
  npm run tenfold -- export --format parquet --to export
  npm run tenfold -- export reports/aurora-failover/latest --format openmetrics --to run.om
  npm run tenfold -- export --format otlp --to http://localhost:4318
  GRAFANA_TOKEN=... npm run tenfold -- export --format grafana-annotations --to https://grafana.example`,
  )
  .action(
    async (run: string | undefined, options) =>
      await (await import('./commands/export.ts')).exportCommand(run, options),
  );

program
  .command('cleanup')
  .summary('undo what dead drills left behind')
  .description('undo what dead drills left behind: on all platforms, or of one run, from the journal in its folder')
  .argument('[run]', 'a run folder, which may come from another machine')
  .addHelpText(
    'after',
    `
The next drill on a platform does the same first. Undoing twice does no harm.

Exit codes: 0 all is undone, 4 a drill is using the platform, 5 something could not be undone.

Examples:
  npm run tenfold -- cleanup
  npm run tenfold -- cleanup reports/shop-down/20261127-204745-79e16d`,
  )
  .action(async (run: string | undefined) => {
    process.exitCode = await (await import('./commands/cleanup.ts')).cleanupCommand(run);
  });

program
  .command('unlock')
  .description('give up on what a dead drill left on a platform; without a name, list the platforms')
  .argument('[platform]', 'its name')
  .option('--reason <text>', 'why; it is kept with what was not undone')
  .addHelpText(
    'after',
    `
Examples:
  npm run tenfold -- unlock
  npm run tenfold -- unlock attached-shop.example-443 --reason "rebuilt the cluster by hand"`,
  )
  .action(async (platform: string | undefined, options) =>
    (await import('./commands/unlock.ts')).unlockCommand(platform, options),
  );

program
  .command('compare')
  .description('put two stored runs side by side, and say which differences are real')
  .argument('<run>', 'a run folder')
  .argument('<other>', 'another one')
  .option('--json', 'print the comparison as JSON', false)
  .addHelpText(
    'after',
    `
Both are judged again from their evidence; nothing is written. Runs of different drills, profiles or targets are not compared.

Exit codes: 0 compared, 2 they cannot be compared.`,
  )
  .action(async (first, second, options) => {
    process.exitCode = await (await import('./commands/compare.ts')).compareCommand(first, second, options);
  });

const reportsOption = () => new Option('--reports <folder>', 'where run folders are').default(folders.reports);
const seriesTargetOption = () => new Option('--target <name>', 'of runs on this target').choices(drillTargetNames);
const seriesProfileOption = () => new Option('--profile <name>', 'of runs with this profile');

program
  .command('history')
  .summary('list stored runs, newest first')
  .description('list stored runs, newest first, and tell which folders are left out')
  .argument('[drill]', 'only its runs')
  .option('--last <count>', 'so many of them', upTo(1_000_000), 50)
  .addOption(reportsOption())
  .option('--json', 'print them as JSON', false)
  .addHelpText(
    'after',
    `
The runs are kept in <reports>/history.duckdb, which is made from the run folders, and may be removed at any time.

Examples:
  npm run tenfold -- history
  npm run tenfold -- history aurora-failover --last 200`,
  )
  .action(async (drill: string | undefined, options) => {
    await (await import('./commands/history.ts')).historyCommand(drill, options);
  });

program
  .command('review')
  .summary('say whether the shop is ready for a peak')
  .description('plan which drills a peak asks for, run what is missing, and decide: go, no-go, or not enough evidence')
  .argument('[drills...]', 'only these; the others are told as not tested')
  .addOption(new Option('--peak <day>', 'the day, as YYYY-MM-DD').argParser(dayFrom))
  .addOption(targetOption(drillTargetNames))
  .addOption(clusterOption())
  .addOption(profileOption())
  .addOption(scaleOption())
  .addOption(configOption())
  .option(
    '--percentile <p>',
    'of recovery, which the runs have to bound: 90 takes 29 runs, 95 takes 59',
    percentile,
    defaultPercentile,
  )
  .option('--fresh <days>', 'a run that is older is no evidence', upTo(365), defaultFreshDays)
  .option('--risks <file>', 'open risks, freezes, error budget (default: risks.yaml, if it is there)')
  .option('--plan', 'only show what is there and what is missing', false)
  .addOption(new Option('--tonight <time>', 'run what is missing for so long, as 90m').argParser(timeFrom))
  .option('--no-run', 'run nothing: decide by the runs that are there')
  .addOption(waitOption())
  .option('--check', 'say whether the newest review holds: for a release gate', false)
  .option('--public-key <file>', 'with --check: the key that has to have signed it')
  .option('--sign <file>', 'sign it with this Ed25519 key')
  .option('--yes', 'do not ask before drilling a shop on another machine; guards still apply', false)
  .addOption(productionOption())
  .addOption(reportsOption())
  .option('--json', 'print it as JSON', false)
  .addHelpText(
    'after',
    `
Runs of the same commit, platform and plan count, whoever ran them; the same command goes on where it was interrupted.
--check takes the names, target, profile, scale, percentile and freshness that the review has to have.

Exit codes: 0 go, 1 no-go, 2 not enough evidence (0 with --tonight); --check: 0 it says go and holds, 1 otherwise.

Examples:
  npm run review -- --peak 2026-11-27 --plan
  npm run review -- --peak 2026-11-27 --tonight 90m
  npm run review -- --peak 2026-11-27 --config tenfold.config.ts --sign review.key
  npm run review -- --check`,
  )
  .action(async (drills: string[], options) => {
    process.exitCode = await (await import('./commands/review.ts')).reviewCommand(drills, options);
  });

program
  .command('verify')
  .summary('check that a review is as it was written')
  .description('check a review by its folder alone: checksums, signature, and that its evidence gives its decision')
  .argument('<review>', 'a folder, such as reports/review/latest')
  .option('--public-key <file>', 'the key that has to have signed it')
  .option('--json', 'print the answer as JSON', false)
  .addHelpText(
    'after',
    `
Exit codes: 0 it is as it was written, 1 it is not, 4 the folder is not that of a review.

Examples:
  npm run tenfold -- verify reports/review/latest
  npm run tenfold -- verify reports/review/latest --public-key review.pub`,
  )
  .action(async (review: string, options) => {
    process.exitCode = await (await import('./commands/verify.ts')).verifyCommand(review, options);
  });

program
  .command('trend')
  .summary('show a drill over time, and what is worse')
  .description(
    'show a drill over time, and name what became worse, with its commit; writes <reports>/trends/<drill>.html',
  )
  .argument('<drill>')
  .addOption(seriesTargetOption())
  .addOption(seriesProfileOption())
  .addOption(reportsOption())
  .option('--json', 'print the trend as JSON', false)
  .addHelpText(
    'after',
    `
Only runs that are asked the same on the same kind of platform are compared; docs/HISTORY.md says how.

Exit codes: 0 nothing promised became worse, 1 something did, 2 too few runs to tell, or the drill is flaky.

Examples:
  npm run tenfold -- trend aurora-failover
  npm run tenfold -- trend node-loss --target kubernetes --profile nightly`,
  )
  .action(async (drill: string, options) => {
    process.exitCode = await (await import('./commands/trend.ts')).trendCommand(drill, options);
  });

const baseline = program
  .command('baseline')
  .summary('set what trends compare later runs with')
  .description('set or show the runs that trends compare later ones with; not the phase of that name');

baseline
  .command('set')
  .description('compare later runs with this run, or with the newest runs of this drill; what was before is accepted')
  .argument('<run|drill>', 'the id or the folder of a run, or the name of a drill')
  .addOption(seriesTargetOption())
  .addOption(seriesProfileOption())
  .addOption(reportsOption())
  .addHelpText(
    'after',
    `
Examples:
  npm run tenfold -- baseline set aurora-failover
  npm run tenfold -- baseline set 20261127-204745-79e16d`,
  )
  .action(async (named: string, options) => {
    await (await import('./commands/baseline.ts')).baselineSetCommand(named, options);
  });

baseline
  .command('show')
  .description('show what was set')
  .addOption(reportsOption())
  .option('--json', 'print it as JSON', false)
  .action(async (options) => {
    await (await import('./commands/baseline.ts')).baselineShowCommand(options);
  });

try {
  await program.parseAsync();
} catch (error) {
  // Commander has said what is wrong by itself; help and version are no errors.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.pass : exitCodes.invalid;
  else process.exitCode = sayError(error);
}
