import { actions } from './actions/catalogue.ts';
import { quotaExceeded, validation } from './errors.ts';
import type { FisRegion } from './region.ts';
import { resourceTypes } from './resources.ts';
import { readSelection } from './selection.ts';
import type { ActionBody, TargetBody, TemplateBody } from './shapes.ts';
import { checkOrder } from './start-order.ts';

const quotas = { actions: 20, stopConditions: 5 };

/** Throws what FIS answers to a template whose members are well-formed but make no sense together. */
export function checkTemplate(template: TemplateBody, region: FisRegion): void {
  checkQuotas(template);
  checkEnvironment(template);
  const targets = template.targets ?? {};
  for (const [name, target] of Object.entries(targets)) checkTarget(name, target);
  if (Object.keys(template.actions).length === 0) throw validation('An experiment template must have an action.');
  for (const [name, action] of Object.entries(template.actions)) checkAction(name, action, targets, region);
  checkOrder(template.actions);
}

function checkQuotas({ actions, stopConditions }: TemplateBody): void {
  const limit = (count: number, most: number, what: string) => {
    if (count > most) throw quotaExceeded(`An experiment template can have ${most} ${what} at most, not ${count}.`);
  };
  limit(Object.keys(actions).length, quotas.actions, 'actions');
  limit(stopConditions.length, quotas.stopConditions, 'stop conditions');
}

/** Refuses what only a real region has, so that nobody relies on it here. */
function checkEnvironment(template: TemplateBody): void {
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/.test(template.roleArn))
    throw validation(`The role ARN ${template.roleArn} is invalid.`);
  if (template.stopConditions.length === 0)
    throw validation('An experiment template must have a stop condition. The source none stands for no condition.');
  for (const { source, value } of template.stopConditions) {
    if (source === 'aws:cloudwatch:alarm')
      throw validation(`The alarm ${value ?? ''} does not exist: this region has no CloudWatch. Use the source none.`);
    if (source !== 'none') throw validation(`Unknown stop condition source "${source}".`);
    if (value !== undefined) throw validation('A stop condition with the source none must not have a value.');
  }
  if (template.experimentOptions?.accountTargeting === 'multi-account')
    throw validation('Multi-account experiments are not possible: this region has one account.');
  if (template.logConfiguration)
    throw validation('Logs of experiments are not possible: this region has no CloudWatch Logs and no S3.');
  if (template.experimentReportConfiguration)
    throw validation('Reports of experiments are not possible: this region has no CloudWatch and no S3.');
}

function checkTarget(name: string, target: TargetBody): void {
  const { resourceType, resourceArns = [], resourceTags = {}, filters = [], parameters = {} } = target;
  const type = resourceTypes[resourceType];
  if (!type) throw validation(`Unknown resource type "${resourceType}" in target "${name}".`);
  if (!readSelection(target.selectionMode))
    throw validation(
      `Invalid selection mode "${target.selectionMode}" in target "${name}": must be ALL, COUNT(n) or PERCENT(n).`,
    );
  for (const arn of resourceArns)
    if (!type.arn.test(arn)) throw validation(`Invalid ARN "${arn}" for ${resourceType} in target "${name}".`);
  for (const parameter of Object.keys(parameters))
    if (!type.parameters[parameter]) throw validation(`Unexpected parameter "${parameter}" found in target "${name}".`);
  const tagged = Object.keys(resourceTags).length > 0;
  if (resourceArns.length > 0 && (tagged || filters.length > 0))
    throw validation(`Target "${name}" must not have resource ARNs together with resource tags or filters.`);
  if (resourceArns.length + filters.length + Object.keys(parameters).length === 0 && !tagged)
    throw validation(`Target "${name}" must have resource ARNs, resource tags, filters or parameters.`);
}

function checkAction(name: string, action: ActionBody, targets: Record<string, TargetBody>, region: FisRegion): void {
  const definition = actions.get(action.actionId);
  if (!definition) throw validation(`Unknown action ID "${action.actionId}" in action "${name}".`);
  checkActionTarget(name, action, definition.target, targets);

  const given = action.parameters ?? {};
  for (const parameter of Object.keys(given))
    if (!Object.hasOwn(definition.parameters, parameter))
      throw validation(`Unexpected parameter "${parameter}" found in action "${name}".`);
  for (const [parameter, { required, problem }] of Object.entries(definition.parameters)) {
    const value = given[parameter];
    if (value === undefined) {
      if (required) throw validation(`Missing required parameter "${parameter}" in action "${name}".`);
      continue;
    }
    const wrong = problem(value, region);
    if (wrong)
      throw validation(`Invalid value "${value}" of parameter "${parameter}" in action "${name}": it ${wrong}.`);
  }
}

function checkActionTarget(
  name: string,
  action: ActionBody,
  wanted: { key: string; resourceType: string } | null,
  targets: Record<string, TargetBody>,
): void {
  for (const key of Object.keys(action.targets ?? {}))
    if (key !== wanted?.key) throw validation(`Unexpected target "${key}" found in action "${name}".`);
  if (!wanted) return;
  const targetName = action.targets?.[wanted.key];
  if (targetName === undefined) throw validation(`Missing required target "${wanted.key}" in action "${name}".`);
  const target = targets[targetName];
  if (!target) throw validation(`Target "${targetName}" of action "${name}" is not in the experiment template.`);
  if (target.resourceType !== wanted.resourceType)
    throw validation(
      `Target "${targetName}" of action "${name}" has the resource type ${target.resourceType}, not ${wanted.resourceType}.`,
    );
}
