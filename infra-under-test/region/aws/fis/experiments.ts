import { ClientTokens } from './client-tokens.ts';
import { notFound, quotaExceeded, validation } from './errors.ts';
import { Experiment } from './experiment.ts';
import type { FisRegion } from './region.ts';
import type { SafetyLever } from './safety-lever.ts';
import { parse, requests } from './shapes.ts';
import type { Templates } from './templates.ts';

const mostActive = 5;

export interface ExperimentsOptions {
  region: FisRegion;
  templates: Templates;
  lever: SafetyLever;
  tell: (message: string) => void;
}

/** The experiments of a region, including ended ones. */
export class Experiments {
  readonly #options: ExperimentsOptions;
  readonly #experiments = new Map<string, Experiment>();
  readonly #tokens = new ClientTokens<Experiment>();

  constructor(options: ExperimentsOptions) {
    this.#options = options;
  }

  start(request: unknown): Experiment {
    const parsed = parse(requests.startExperiment, request);
    return this.#tokens.once(parsed, () => {
      const { region, templates, lever, tell } = this.#options;
      const template = templates.get(parsed.experimentTemplateId);
      if (this.active().length >= mostActive)
        throw quotaExceeded(`There can be ${mostActive} active experiments at most.`);
      const { tags = {}, experimentOptions: { actionsMode = 'run-all' } = {} } = parsed;
      const experiment = new Experiment(template, region, { actionsMode, tags, tell });
      this.#experiments.set(experiment.id, experiment);
      if (lever.isEngaged) experiment.cancel('Experiment was cancelled: the safety lever is engaged.');
      else experiment.start();
      return experiment;
    });
  }

  /** Throws a ResourceNotFoundException. */
  get(id: string): Experiment {
    const experiment = this.#experiments.get(id);
    if (!experiment) throw notFound(`Experiment ${id} does not exist.`);
    return experiment;
  }

  /** Newest first. */
  all(): Experiment[] {
    return [...this.#experiments.values()].reverse();
  }

  active(): Experiment[] {
    return this.all().filter(({ isActive }) => isActive);
  }

  stop(id: string): Experiment {
    const experiment = this.get(id);
    if (!experiment.isActive) throw validation(`Experiment ${id} cannot be stopped: it is ${experiment.status}.`);
    experiment.stop('Experiment is stopping: a user asked for it.');
    return experiment;
  }
}
