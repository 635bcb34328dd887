import type { FisRegion } from './region.ts';
import { type Resource, resourceTypes, valuesAt } from './resources.ts';
import { readSelection, select } from './selection.ts';
import type { TargetBody } from './shapes.ts';

/** The resources that a target means now; its shape has been checked before. */
export function resolveTarget(target: TargetBody, region: FisRegion): Resource[] {
  const type = resourceTypes[target.resourceType];
  const selection = readSelection(target.selectionMode);
  if (!type || !selection) return [];
  const identified = type
    .list(region)
    .filter(
      (resource) =>
        isNamed(resource, target.resourceArns) &&
        hasTags(resource, target.resourceTags) &&
        (target.filters ?? []).every(({ path, values }) =>
          valuesAt(resource.attributes, path).some((value) => values.includes(value)),
        ) &&
        Object.entries(target.parameters ?? {}).every(([name, value]) => type.parameters[name]?.keeps(resource, value)),
    );
  return select(identified, selection);
}

const isNamed = ({ arn }: Resource, arns: string[] | undefined) => !arns?.length || arns.includes(arn);

const hasTags = ({ tags }: Resource, wanted: Record<string, string> | undefined) =>
  Object.entries(wanted ?? {}).every(([key, value]) => tags[key] === value);
