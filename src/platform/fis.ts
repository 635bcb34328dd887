import {
  CreateExperimentTemplateCommand,
  DeleteExperimentTemplateCommand,
  type Experiment,
  FisClient,
  GetExperimentCommand,
  paginateListExperimentResolvedTargets,
  paginateListExperiments,
  paginateListExperimentTemplates,
  StartExperimentCommand,
  StopExperimentCommand,
} from '@aws-sdk/client-fis';
import type { AwsAccess } from '../model/facets.ts';
import { waitFor } from '../runtime/clock.ts';
import { clientSettings } from './client-settings.ts';
import {
  byId,
  createTemplate,
  type ExperimentTemplate,
  listPage,
  listResolvedTargets,
  type StartExperimentInput,
  startExperiment,
} from './fis-requests.ts';

/** An experiment as FIS tells of it. */
export interface ExperimentState {
  id: string;
  status: string;
  /** FIS's own words on how it came to that. */
  reason: string;
}

/** How many resources a target of a template resolved to, by the target's name. */
export type ResolvedCounts = Record<string, number>;

/** The calls that tenfold makes of FIS, by the same code on AWS and on an AWS-compatible endpoint. */
export interface Fis extends Disposable {
  createTemplate(template: ExperimentTemplate, tags: Record<string, string>): Promise<string>;
  deleteTemplate(templateId: string): Promise<void>;
  start(templateId: string, tags: Record<string, string>): Promise<string>;
  get(experimentId: string): Promise<ExperimentState>;
  /** Stops what runs and waits until its post-actions are through; does nothing to an experiment that has ended. */
  stop(experimentId: string): Promise<ExperimentState>;
  /** Runs no action: says what the targets resolve to, and why FIS would refuse. */
  dryRun(templateId: string, tags: Record<string, string>): Promise<ExperimentState & { resolved: ResolvedCounts }>;
  /** What carries all of these tags: experiments that have not ended, and templates. */
  findByTags(tags: Record<string, string>): Promise<{ experimentIds: string[]; templateIds: string[] }>;
}

const ended = ['completed', 'stopped', 'failed', 'cancelled'];
export const hasEnded = ({ status }: { status: string }): boolean => ended.includes(status);

const dryRunTimeoutMs = 60_000;
/** Post-actions bring a zone back, so that stopping may take as long as a node needs to boot. */
const stopTimeoutMs = 120_000;
const pollEveryMs = 200;

export function openFis(access: AwsAccess): Fis {
  const client = makeClient(access);
  const { fisRoleArn } = access;
  const marks = (tags: Record<string, string>) => ({ clientToken: crypto.randomUUID(), tags });
  const get = async (id: string) => stateOf((await client.send(new GetExperimentCommand(byId(id)))).experiment);
  const untilEnded = (id: string, timeoutMs: number) =>
    waitFor(
      `FIS experiment ${id} to end`,
      async () => {
        const state = await get(id);
        return hasEnded(state) ? state : undefined;
      },
      { timeoutMs, intervalMs: pollEveryMs },
    );
  const stop = async (id: string) => {
    if (!hasEnded(await get(id))) await client.send(new StopExperimentCommand(byId(id))).catch(unlessEnded(id));
    return await untilEnded(id, stopTimeoutMs);
  };
  const unlessEnded = (id: string) => async (error: unknown) => {
    if (!hasEnded(await get(id))) throw error;
  };
  const start = async (templateId: string, tags: Record<string, string>, mode: 'skip-all' | 'run-all') => {
    const input: StartExperimentInput = startExperiment(templateId, mode, marks(tags));
    return (await client.send(new StartExperimentCommand(input))).experiment;
  };
  return {
    async createTemplate(template, tags) {
      const input = createTemplate(template, fisRoleArn, marks(tags));
      const { experimentTemplate } = await client.send(new CreateExperimentTemplateCommand(input));
      return required(experimentTemplate?.id, 'CreateExperimentTemplate', 'id');
    },
    async deleteTemplate(templateId) {
      await client.send(new DeleteExperimentTemplateCommand(byId(templateId)));
    },
    start: async (templateId, tags) => stateOf(await start(templateId, tags, 'run-all')).id,
    get,
    stop,
    async dryRun(templateId, tags) {
      const experiment = await start(templateId, tags, 'skip-all');
      const { id } = stateOf(experiment);
      const { actionsMode } = (experiment?.experimentOptions ?? {}) as { actionsMode?: string };
      if (actionsMode !== 'skip-all') {
        await stop(id);
        throw new Error(
          `FIS took a dry run for a real experiment, which was stopped: actionsMode is ${actionsMode ?? 'missing'}`,
        );
      }
      const state = await untilEnded(id, dryRunTimeoutMs);
      return { ...state, resolved: await resolvedCounts(client, id) };
    },
    async findByTags(tags) {
      const carries = (item: { tags?: Record<string, string> }) =>
        Object.entries(tags).every(([key, value]) => item.tags?.[key] === value);
      const experiments = await all(paginateListExperiments({ client }, listPage()), (page) => page.experiments);
      const templates = await all(
        paginateListExperimentTemplates({ client }, listPage()),
        (page) => page.experimentTemplates,
      );
      return {
        experimentIds: experiments
          .filter((item) => carries(item) && !hasEnded({ status: item.state?.status ?? '' }))
          .map((item) => required(item.id, 'ListExperiments', 'id')),
        templateIds: templates.filter(carries).map((item) => required(item.id, 'ListExperimentTemplates', 'id')),
      };
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

function makeClient(access: AwsAccess): FisClient {
  const client = new FisClient(clientSettings(access));
  // SDK 3.523.0 leaves experimentOptions of StartExperiment out of the body without a word, and a dry run would be a
  // real one. It is put in before the length of the body is taken and the request signed.
  client.middlewareStack.add(
    (next) => async (args) => {
      const { experimentOptions } = args.input as StartExperimentInput;
      const request = args.request as { body?: unknown };
      if (experimentOptions && typeof request.body === 'string')
        request.body = JSON.stringify({ ...JSON.parse(request.body), experimentOptions });
      return await next(args);
    },
    { step: 'build', priority: 'high', name: 'keepExperimentOptions' },
  );
  return client;
}

async function resolvedCounts(client: FisClient, experimentId: string): Promise<ResolvedCounts> {
  const targets = await all(
    paginateListExperimentResolvedTargets({ client }, listResolvedTargets(experimentId)),
    (page) => page.resolvedTargets,
  );
  const counts: ResolvedCounts = {};
  for (const { targetName = '' } of targets) counts[targetName] = (counts[targetName] ?? 0) + 1;
  return counts;
}

/** All items of a list that comes in pages. */
async function all<Page, T>(pages: AsyncIterable<Page>, itemsOf: (page: Page) => T[] | undefined): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

const stateOf = (experiment: Experiment | undefined): ExperimentState => ({
  id: required(experiment?.id, 'FIS', 'experiment'),
  status: experiment?.state?.status ?? 'unknown',
  reason: experiment?.state?.reason ?? '',
});

function required(value: string | undefined, call: string, what: string): string {
  if (value === undefined) throw new Error(`${call} answered without ${what}`);
  return value;
}
