import type { Finding } from '../model/verdict.ts';

/**
 * What a checker finds; when it throws, nothing is known of its subject, and the findings of the others stand.
 * @param instead makes what the checker would have given of the finding that says so.
 */
export function guarded<T>(id: string, title: string, check: () => T, instead: (finding: Finding) => T): T {
  try {
    return check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `This could not be judged, because its checker failed: ${why.replace(/\.$/, '')}.`;
    return instead({ id, title, outcome: 'inconclusive', message, evidence: { error: why } });
  }
}
