/** What tenfold asks of FIS, as plain data: tests/conformance checks it against AWS's own model. */
import type {
  CreateExperimentTemplateCommandInput,
  ListExperimentResolvedTargetsCommandInput,
  ListExperimentsCommandInput,
  ListExperimentTemplatesCommandInput,
  StartExperimentCommandInput,
} from '@aws-sdk/client-fis';

/** An experiment to be: what happens to which resources. */
export interface ExperimentTemplate {
  description: string;
  targets: Record<string, ExperimentTarget>;
  actions: Record<string, ExperimentAction>;
  /** What becomes of an action whose target resolves to nothing. */
  emptyTargets: 'fail' | 'skip';
}

/** Resources by their ARNs, or by their tags and what filters and parameters leave of them. */
export interface ExperimentTarget {
  resourceType: string;
  resourceArns?: string[];
  resourceTags?: Record<string, string>;
  filters?: { path: string; values: string[] }[];
  parameters?: Record<string, string>;
}

export interface ExperimentAction {
  actionId: string;
  parameters?: Record<string, string>;
  /** The action's own name for its target, and the target's name in the template. */
  targets?: Record<string, string>;
}

/** SDK 3.523.0 knows no actionsMode; fis.ts puts it into the body. */
export type StartExperimentInput = StartExperimentCommandInput & {
  experimentOptions?: { actionsMode: 'skip-all' | 'run-all' };
};

const pageSize = 100;

/** clientToken: the same for every try of one request, so that FIS carries it out once. */
interface Marks {
  clientToken: string;
  tags: Record<string, string>;
}

export const createTemplate = (
  template: ExperimentTemplate,
  roleArn: string,
  { clientToken, tags }: Marks,
): CreateExperimentTemplateCommandInput => ({
  clientToken,
  description: template.description,
  roleArn,
  stopConditions: [{ source: 'none' }],
  experimentOptions: { accountTargeting: 'single-account', emptyTargetResolutionMode: template.emptyTargets },
  targets: Object.fromEntries(
    Object.entries(template.targets).map(([name, target]) => [name, { ...target, selectionMode: 'ALL' }]),
  ),
  actions: template.actions,
  tags,
});

export const startExperiment = (
  templateId: string,
  actionsMode: 'skip-all' | 'run-all',
  { clientToken, tags }: Marks,
): StartExperimentInput => ({
  clientToken,
  experimentTemplateId: templateId,
  tags,
  experimentOptions: { actionsMode },
});

/** Of getting, stopping and deleting. */
export const byId = (id: string): { id: string } => ({ id });

/** Further pages are asked for by the SDK's paginators. */
export const listResolvedTargets = (experimentId: string): ListExperimentResolvedTargetsCommandInput => ({
  experimentId,
  maxResults: pageSize,
});

export const listPage = (): ListExperimentsCommandInput & ListExperimentTemplatesCommandInput => ({
  maxResults: pageSize,
});
