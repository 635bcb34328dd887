/** Only who has the whole link has the token that acting takes; null: this link is for watching. */
export const actToken = (): string | null => new URLSearchParams(location.hash.slice(1)).get('stop');

/** Asks the drill to do something. @returns why it was refused, or undefined */
export async function act(what: 'stop' | 'tick', asked: object): Promise<string | undefined> {
  try {
    const answer = await fetch(what, {
      method: 'POST',
      headers: { authorization: `Bearer ${actToken() ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    });
    return answer.ok ? undefined : (await answer.text()).trim();
  } catch {
    return 'the drill cannot be reached';
  }
}
