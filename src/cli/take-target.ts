/** Takes `--target NAME` out of what was typed; without one it is the pocket region. */
export function takeTarget(typed: readonly string[]): { target: string; rest: string[] } {
  const at = typed.findIndex((word) => word === '--target' || word.startsWith('--target='));
  if (at < 0) return { target: 'local', rest: [...typed] };
  const [word = '', next = ''] = typed.slice(at);
  const isOneWord = word.includes('=');
  const target = isOneWord ? word.slice('--target='.length) : next;
  return { target, rest: typed.toSpliced(at, isOneWord ? 1 : 2) };
}
