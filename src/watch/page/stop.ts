import { act, actToken } from './act.ts';
import { element } from './show.ts';
import type { State } from './state.ts';

/** The button that ends the drill, and its question. */
export function offerStop(stateOf: () => State): { update(): void } {
  const button = element('stop', HTMLButtonElement);
  const dialog = element('stopping', HTMLDialogElement);
  const problem = element('stopping-problem', HTMLElement);
  const now = element('stop-now', HTMLButtonElement);
  let isAsked = false;
  if (actToken() === null) button.hidden = true;
  button.addEventListener('click', () => {
    problem.textContent = '';
    dialog.showModal();
    element('keep', HTMLButtonElement).focus();
  });
  element('keep', HTMLButtonElement).addEventListener('click', () => dialog.close());
  now.addEventListener('click', async () => {
    now.disabled = true;
    const refusal = await act('stop', { runId: stateOf().runId });
    now.disabled = false;
    if (refusal !== undefined) {
      problem.textContent = `It was not stopped: ${refusal}. Ctrl-C in its terminal stops it too, and so does npm run tenfold -- stop.`;
      return;
    }
    isAsked = true;
    dialog.close();
  });
  return {
    update() {
      const { runId, ended } = stateOf();
      if (ended) isAsked = false;
      button.disabled = runId === null || ended !== null || isAsked;
      button.textContent = isAsked ? 'Stopping' : 'Stop the drill';
    },
  };
}
