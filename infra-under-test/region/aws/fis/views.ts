import { actions } from './actions/catalogue.ts';
import { fisArn } from './arns.ts';
import { notFound } from './errors.ts';
import type { Experiment } from './experiment.ts';
import { resourceTypes } from './resources.ts';
import type { TemplateBody } from './shapes.ts';
import type { Template } from './templates.ts';

const seconds = (ms: number) => ms / 1_000;
const optionalSeconds = (ms: number | null) => (ms === null ? undefined : seconds(ms));

const optionsOf = ({ experimentOptions }: TemplateBody) => ({
  accountTargeting: 'single-account',
  emptyTargetResolutionMode: experimentOptions?.emptyTargetResolutionMode ?? 'fail',
});

/** An ExperimentTemplate. */
export function templateView(template: Template) {
  const { description, roleArn, stopConditions, targets = {}, actions } = template.body;
  return {
    ...templateSummary(template),
    description,
    roleArn,
    stopConditions,
    targets,
    actions,
    experimentOptions: optionsOf(template.body),
    targetAccountConfigurationsCount: 0,
  };
}

/** An ExperimentTemplateSummary. */
export const templateSummary = ({ id, arn, body, tags, createdAtMs, updatedAtMs }: Template) => ({
  id,
  arn,
  description: body.description,
  creationTime: seconds(createdAtMs),
  lastUpdateTime: seconds(updatedAtMs),
  tags,
});

/** An Experiment. */
export function experimentView(experiment: Experiment) {
  const { roleArn, stopConditions, targets = {} } = experiment.body;
  return {
    ...experimentSummary(experiment),
    roleArn,
    stopConditions,
    targets,
    actions: Object.fromEntries(
      experiment.actions.map(({ name, body, status, reason, startedAtMs, endedAtMs }) => [
        name,
        {
          ...body,
          state: { status, reason },
          startTime: optionalSeconds(startedAtMs),
          endTime: optionalSeconds(endedAtMs),
        },
      ]),
    ),
    startTime: optionalSeconds(experiment.startedAtMs),
    endTime: optionalSeconds(experiment.endedAtMs),
    targetAccountConfigurationsCount: 0,
  };
}

/** An ExperimentSummary. */
export function experimentSummary(experiment: Experiment) {
  const { id, arn, templateId, status, reason, error, createdAtMs, tags, actionsMode } = experiment;
  return {
    id,
    arn,
    experimentTemplateId: templateId,
    state: { status, reason, ...(error && { error }) },
    creationTime: seconds(createdAtMs),
    tags,
    experimentOptions: { ...optionsOf(experiment.body), actionsMode },
  };
}

/** The ResolvedTargets of an experiment, of one target or of all. */
export function resolvedTargetViews({ body, resolvedTargets }: Experiment, targetName: string | null) {
  return [...resolvedTargets]
    .filter(([name]) => targetName === null || name === targetName)
    .flatMap(([name, resources]) =>
      resources.map(({ arn }) => ({
        resourceType: body.targets?.[name]?.resourceType,
        targetName: name,
        targetInformation: { arn },
      })),
    );
}

/** An Action; throws a ResourceNotFoundException. */
export function actionView(region: string, id: string) {
  const definition = actions.get(id);
  if (!definition) throw notFound(`Action ${id} does not exist.`);
  const { description, target, parameters } = definition;
  return {
    id,
    arn: fisArn(region, 'action', id),
    description,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, { description, required }]) => [name, { description, required }]),
    ),
    targets: target ? { [target.key]: { resourceType: target.resourceType } } : {},
    tags: {},
  };
}

/** The ActionSummaries, by name. */
export function actionSummaries(region: string) {
  return [...actions.keys()].sort().map((id) => {
    const { parameters: _, ...summary } = actionView(region, id);
    return summary;
  });
}

/** A TargetResourceType; throws a ResourceNotFoundException. */
export function resourceTypeView(id: string) {
  const type = resourceTypes[id];
  if (!type) throw notFound(`Target resource type ${id} does not exist.`);
  const parameters = Object.entries(type.parameters).map(([name, { description }]) => [
    name,
    { description, required: false },
  ]);
  return { resourceType: id, description: type.description, parameters: Object.fromEntries(parameters) };
}

/** The TargetResourceTypeSummaries, by name. */
export const resourceTypeSummaries = () =>
  Object.entries(resourceTypes)
    .map(([resourceType, { description }]) => ({ resourceType, description }))
    .sort((a, b) => a.resourceType.localeCompare(b.resourceType));
