import type { Identity } from '../model/review.ts';
import type { Environment } from '../model/verdict.ts';

/** What differs between what evidence is of and what there is now, a line each; empty where it is the same. */
export function identityDifferences(was: Identity, is: Identity): string[] {
  const names = [...new Set([...Object.keys(was.versions), ...Object.keys(is.versions)])].sort();
  return [
    ...(was.commit === is.commit ? [] : [`commit: it was ${commitText(was)}, and is ${commitText(is)}`]),
    ...(is.dirty === true ? ['the checkout has changes that are not committed'] : []),
    ...names
      .filter((name) => was.versions[name] !== is.versions[name])
      .map(
        (name) => `${name}: it was ${was.versions[name] ?? 'not there'}, and is ${is.versions[name] ?? 'not there'}`,
      ),
  ];
}

const commitText = ({ commit }: Identity): string => commit?.slice(0, 12) ?? 'unknown';

/** Whether a run was of this commit, without other changes, and of a platform that is made of the same. */
export const isOf = (
  { commit, dirty, versions }: Pick<Environment, 'commit' | 'dirty' | 'versions'>,
  identity: Identity,
): boolean =>
  commit === identity.commit &&
  dirty !== true &&
  Object.entries(identity.versions).every(([name, version]) => versions[name] === version);
