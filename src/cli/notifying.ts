import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { invalid, TenfoldError } from '../model/errors.ts';
import { exitCodes } from '../model/exit-codes.ts';
import type { Matrix } from '../model/matrix.ts';
import { type Notice, type NotifyTarget, notifySettingsSchema } from '../model/notice.ts';
import type { Plan } from '../model/plan.ts';
import { problemsIn } from '../model/problems-in.ts';
import { secretsIn } from '../model/secrets.ts';
import type { Suite } from '../model/suite.ts';
import { type Outcome, outcomes } from '../model/verdict.ts';
import { drillNotice, matrixNotice, refusedNotice, suiteNotice } from '../notify/notices.ts';
import type { Picture } from '../notify/picture.ts';
import { type ReadyTarget, readyTargets } from '../notify/ready-targets.ts';
import type { ReportInput } from '../report/report-input.ts';
import { nowMs } from '../runtime/clock.ts';
import { readAtMost } from '../runtime/files.ts';

export interface NotifyOptions {
  notify?: string[];
  reportUrl?: string;
  reports: string;
}

/** Tells people and programs elsewhere how it ended. None of it throws, and none of it changes how this command ends. */
export interface Notifier {
  /** The environment variables that it reads, whose values nobody may see. */
  secrets: string[];
  drill(input: ReportInput, runFolder: string, lookAt: Error | null): Promise<void>;
  suite(suite: Suite, folder: string, lookAt: string | null, shown: Shown | undefined): Promise<void>;
  matrix(matrix: Matrix, folder: string, lookAt: string | null, shown: Shown | undefined): Promise<void>;
  /** Of what did not begin: tells only that somebody has to look at the platform, where that is why. */
  refused(error: unknown, plan: Plan, command: string): Promise<void>;
}

/** The run of several whose picture is sent. */
export interface Shown {
  /** What it says of its drill: a run that fails without a protection passes. */
  outcome: Outcome;
  input: ReportInput;
  runFolder: string;
}

/** The first of the worst that did not pass. */
export const worseOf = (before: Shown | undefined, run: Shown): Shown | undefined =>
  outcomes.indexOf(run.outcome) > outcomes.indexOf(before?.outcome ?? 'pass') ? run : before;

const hint = 'docs/NOTIFYING.md says who can be told, and how';
const mostBytes = 64 * 1024;

/**
 * Reads who is to be told, before anything is started.
 * @throws TenfoldError (invalid) with all that is wrong with it
 */
export async function notifierOf(
  { notify = [], reportUrl, reports }: NotifyOptions,
  say: (line: string) => void,
): Promise<Notifier | undefined> {
  const base = reportUrl === undefined ? undefined : URL.parse(reportUrl.replace(/\/*$/, '/'));
  if (reportUrl !== undefined && notify.length === 0)
    throw invalid('--report-url is for what --notify tells: add it, or leave both out', hint);
  if (notify.length === 0) return undefined;
  const targets = (await Promise.all(notify.map(targetsIn))).flat();
  const { ready, problems } = readyTargets(targets, process.env);
  if (base === null || (base && !/^https?:$/.test(base.protocol)))
    problems.push('--report-url must be a URL such as https://ci.example/run/1');
  if (problems.length > 0) throw invalid(problems, hint);
  const urlOf = (folder: string, file: string) =>
    base ? publishedAt(base, relative(reports, join(folder, file))) : null;
  const drawn = async (input: ReportInput, runFolder: string) => {
    const picture = await pictureIn(runFolder, input).catch((error: Error) => {
      say(`the picture of the run could not be drawn: ${error.message.split('\n')[0]}`);
      return null;
    });
    return { picture, pictureUrl: picture && urlOf(runFolder, pictureFile) };
  };
  const shownBy = async (shown: Shown | undefined) =>
    shown ? await drawn(shown.input, shown.runFolder) : { picture: null, pictureUrl: null };
  const tell = (make: () => Promise<{ notice: Notice; picture: Picture | null }>) => told(make, ready, say);
  return {
    secrets: secretsIn(targets),
    drill: (input, runFolder, error) =>
      tell(async () => {
        const { picture, pictureUrl } = await drawn(input, runFolder);
        const urls = { reportUrl: urlOf(runFolder, 'report.html'), pictureUrl };
        return { notice: drillNotice(input, { lookAt: whyToLook(error), ...urls }), picture };
      }),
    suite: (suite, folder, lookAt, shown) =>
      tell(async () => {
        const { picture, pictureUrl } = await shownBy(shown);
        return { notice: suiteNotice(suite, { lookAt, reportUrl: urlOf(folder, 'all.html'), pictureUrl }), picture };
      }),
    matrix: (matrix, folder, lookAt, shown) =>
      tell(async () => {
        const { picture, pictureUrl } = await shownBy(shown);
        return {
          notice: matrixNotice(matrix, { lookAt, reportUrl: urlOf(folder, 'prove.html'), pictureUrl }),
          picture,
        };
      }),
    async refused(error, plan, command) {
      const lookAt = whyToLook(error);
      if (lookAt === null) return;
      await tell(async () => ({ notice: refusedNotice(plan, command, lookAt, nowMs()), picture: null }));
    },
  };
}

/** Where CI publishes a file of the reports folder. */
const publishedAt = (base: URL, file: string): string =>
  new URL(file.split('/').map(encodeURIComponent).join('/'), base).href;

const pictureFile = 'timeline.png';

/** Draws the run, and leaves the picture in its folder for CI to publish. */
async function pictureIn(runFolder: string, input: ReportInput): Promise<Picture | null> {
  const picture = (await import('../notify/picture.ts')).pictureOf(input);
  if (picture) await writeFile(join(runFolder, pictureFile), picture.large);
  return picture;
}

async function told(
  make: () => Promise<{ notice: Notice; picture: Picture | null }>,
  targets: readonly ReadyTarget[],
  say: (line: string) => void,
): Promise<void> {
  try {
    const { notice, picture } = await make();
    const { tellAll } = await import('../notify/tell-all.ts');
    for (const line of await tellAll(targets, notice, picture)) say(line);
  } catch (error) {
    say(`nobody was told: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** The error by which a platform may not be as it was; null for every other. */
const whyToLook = (error: unknown): string | null =>
  error instanceof TenfoldError && error.exitCode === exitCodes.dirty ? error.message : null;

const kinds = ['slack', 'teams', 'webhook'] as const;

/** Whom a value of --notify names. @throws TenfoldError (invalid) */
async function targetsIn(value: string): Promise<NotifyTarget[]> {
  if (value.includes('://'))
    throw invalid(
      '--notify takes no URL: who has it may write there',
      'put it into an environment variable, and name that',
    );
  const [, kind, env] = /^(\w+)=(.*)$/.exec(value) ?? [];
  const settings = kind === undefined ? await settingsIn(value) : { targets: [{ kind, url: { env } }] };
  const parsed = notifySettingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data.targets;
  throw invalid([`--notify ${value} cannot be used, known are ${kinds.join(', ')}:`, problemsIn(parsed.error)], hint);
}

async function settingsIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readAtMost(file, mostBytes));
  } catch (error) {
    throw invalid(`--notify ${file} cannot be read: ${(error as Error).message}`, hint);
  }
}
