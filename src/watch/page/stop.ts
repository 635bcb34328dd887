import { element } from './show.ts';
import type { State } from './state.ts';

/** The button that ends the drill, and its question. Only who has the whole link has the token that it needs. */
export function offerStop(stateOf: () => State): { update(): void } {
  const token = new URLSearchParams(location.hash.slice(1)).get('stop');
  const button = element('stop', HTMLButtonElement);
  const dialog = element('stopping', HTMLDialogElement);
  const problem = element('stopping-problem', HTMLElement);
  const now = element('stop-now', HTMLButtonElement);
  let isAsked = false;
  if (token === null) button.hidden = true;
  button.addEventListener('click', () => {
    problem.textContent = '';
    dialog.showModal();
    element('keep', HTMLButtonElement).focus();
  });
  element('keep', HTMLButtonElement).addEventListener('click', () => dialog.close());
  now.addEventListener('click', async () => {
    now.disabled = true;
    const refusal = await ask(token ?? '', stateOf().runId);
    now.disabled = false;
    if (refusal !== undefined) {
      problem.textContent = `It was not stopped: ${refusal}`;
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

/** @returns why it was refused, or undefined */
async function ask(token: string, runId: string | null): Promise<string | undefined> {
  try {
    const answer = await fetch('stop', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ runId }),
    });
    return answer.ok ? undefined : (await answer.text()).trim();
  } catch {
    return 'the drill cannot be reached; use Ctrl-C in its terminal, or npm run tenfold -- stop';
  }
}
