/** Protections that are the cluster's, not the shop's: by what is applied to it, and by who drains its spot nodes or loses its database. */
export const clusterProtections: readonly string[] = [
  'zone-spread',
  'disruption-budget',
  'drain-on-spot-notice',
  'autoscaling',
  'quorum-commit',
];
