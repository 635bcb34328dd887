/** What drills make on a cluster, for whoever decides whether one may be run. */
import type { Creation, Creations } from '../../model/target.ts';

/** The reference platform. */
export const shopCreated: readonly Creation[] = [
  {
    what: 'the namespace tenfold-<run>, with the shop and its database in it',
    undo: 'the namespace tenfold-<run> is deleted, with all that is in it',
  },
  {
    what: 'the PriorityClasses tenfold-<run>-shop and tenfold-<run>-batch, which belong to no namespace',
    undo: 'the PriorityClasses are deleted',
  },
];

/** On a cluster that is there, of which others may be drilling something. */
export const createdOnCluster: Creations = {
  always: [
    {
      what: 'the Lease tenfold-drill in the namespace default, which keeps other drills away',
      undo: 'the Lease is deleted',
    },
  ],
  load: {
    what: 'the namespace tenfold-<run>-load, with k6 in Jobs, or in a TestRun where k6-operator is installed, and what it reads in a ConfigMap and a Secret',
    undo: 'the namespace tenfold-<run>-load is deleted, with all that is in it',
  },
  sentinel: {
    what: 'the namespace tenfold-<run>-sentinel, with the sentinel in a Job, and what it reads in a ConfigMap and a Secret',
    undo: 'the namespace tenfold-<run>-sentinel is deleted, with all that is in it',
  },
};

/** The same, with the reference platform. */
export const createdWithShop: Creations = {
  ...createdOnCluster,
  always: [...shopCreated, ...createdOnCluster.always],
};

/** Which these are is up to the settings; each that is missing is told before anything is started. */
export const drillRights = ['those of every drill on a cluster, which are asked for too: docs/KUBERNETES.md'];
