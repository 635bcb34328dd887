import type { AwsAccess } from '../../src/model/facets.ts';
import type { Undoers } from '../../src/model/fault.ts';

export const undoKind = 'fis-experiment';

/** Marks everything created in FIS for a run. */
export const tagsOf = (runId: string): Record<string, string> => ({ 'tenfold:run': runId });

/**
 * Stops the experiments and deletes the templates that a dead process left behind, by their tag.
 * @param accessTo how to reach a target's AWS endpoint; undefined when it is gone, along with what was changed.
 */
export const undoFisExperiments = (accessTo: (target: string) => Promise<AwsAccess | undefined>): Undoers => ({
  [undoKind]: async ({ target, runId }) => {
    const access = await accessTo(String(target));
    if (!access) return;
    // Load the SDK only when there is something to undo: every command knows the undoers.
    const { openFis } = await import('../../src/platform/fis.ts');
    using fis = openFis(access);
    const { experimentIds, templateIds } = await fis.findByTags(tagsOf(String(runId)));
    for (const id of experimentIds) await fis.stop(id);
    for (const id of templateIds) await fis.deleteTemplate(id);
  },
});
