import type { Runbook } from '../../../src/model/runbook.ts';

/** A step for each of three moments. */
export const runbook: Runbook = {
  file: 'docs/runbooks/aurora-failover.md',
  sha256: 'a'.repeat(64),
  title: 'The writer fails over',
  steps: [
    { id: 'note', title: 'Note the writer', moment: 'before', blocks: [{ kind: 'text', text: 'Its `name`.' }] },
    {
      id: 'look',
      title: 'Look at the pods',
      moment: 'fault',
      blocks: [
        { kind: 'list', items: ['all', 'of them'] },
        { kind: 'code', text: 'kubectl get pods --all-namespaces --output wide --sort-by=.status.startTime' },
      ],
    },
    { id: 'compare', title: 'Compare orders', moment: 'after', blocks: [{ kind: 'text', text: 'With payments.' }] },
  ],
};
