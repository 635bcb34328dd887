import { act, actToken } from './act.ts';
import { element } from './show.ts';
import type { State } from './state.ts';

/** Has people say that they did a step of the runbook, and asks for their name. */
export function offerTicks(stateOf: () => State): void {
  const dialog = element('ticking', HTMLDialogElement);
  const form = element('ticking-form', HTMLFormElement);
  const problem = element('ticking-problem', HTMLElement);
  const by = element('ticking-by', HTMLInputElement);
  const done = element('ticking-done', HTMLButtonElement);
  const runbook = element('runbook', HTMLElement);
  let step = '';
  if (actToken() === null) return;
  runbook.addEventListener('click', ({ target }) => {
    const asked = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-step]')?.dataset.step : undefined;
    const found = stateOf().frame?.runbook?.steps.find(({ id }) => id === asked);
    if (!found) return;
    step = found.id;
    problem.textContent = '';
    element('ticking-step', HTMLElement).textContent = found.title;
    dialog.showModal();
    by.focus();
  });
  element('ticking-not', HTMLButtonElement).addEventListener('click', () => dialog.close());
  // The list is written anew once a step is done, and with it goes the button that had the focus.
  dialog.addEventListener('close', () => runbook.focus());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    done.disabled = true;
    const refusal = await act('tick', { runId: stateOf().runId, step, by: by.value });
    done.disabled = false;
    if (refusal === undefined) dialog.close();
    else problem.textContent = `It was not written down: ${refusal}`;
  });
}
