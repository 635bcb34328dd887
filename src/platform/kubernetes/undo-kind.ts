/** Of the undo that takes a run's namespace down; apart from what does it, so that to name it loads no client. */
export const kubernetesUndoKind = 'kubernetes-namespace';
