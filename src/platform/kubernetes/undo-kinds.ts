/** Of undos on a cluster; apart from what does them, so that to name them loads no client. */
/** Takes a run's namespace down. */
export const namespaceUndoKind = 'kubernetes-namespace';
/** Lets a node take pods again. */
export const uncordonUndoKind = 'kubernetes-uncordon';
/** Deletes a run's NetworkPolicy. */
export const policyUndoKind = 'kubernetes-policy';
/** Deletes an object of Chaos Mesh or LitmusChaos. */
export const chaosUndoKind = 'kubernetes-chaos-object';
/** Puts a node into service again. */
export const taintUndoKind = 'kubernetes-out-of-service';
/** Gives a field of an object its former value. */
export const fieldUndoKind = 'kubernetes-field';
/** Ends what takes CPU or memory in containers. */
export const pressureUndoKind = 'kubernetes-pressure';
/** Has the network of pods as before. */
export const shapingUndoKind = 'kubernetes-shaping';
/** Gives a run's namespace its former Pod Security. */
export const podSecurityUndoKind = 'kubernetes-pod-security';
/** Lets go of the lock of a cluster. */
export const leaseUndoKind = 'kubernetes-lease';
/** Takes away a k3s that was started for a drill. */
export const k3sUndoKind = 'k3s';

/** How the context, and the container of the server, of a k3s is called that tenfold started. */
export const k3sPrefix = 'tenfold-k3s-';
