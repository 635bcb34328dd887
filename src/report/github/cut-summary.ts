/** GitHub drops the summary of a step that is longer, with an error. */
export const mostSummaryBytes = 1024 * 1024;

/**
 * A summary in Markdown of at most so many bytes: whole lines of it, and what was cut.
 * @param whole where all of it is
 */
export function cutSummary(markdown: string, mostBytes: number, whole: string): string {
  if (Buffer.byteLength(markdown) <= mostBytes) return markdown;
  const lines = markdown.split('\n');
  const noteOf = (cut: number): string =>
    `\n\n> Cut here: ${cut} of ${lines.length} lines are left out, as GitHub shows 1 MiB at most. All of it is in ${whole}.\n`;
  const longestFence = lines.reduce((most, line) => Math.max(most, fenceOf(line).length), 0);
  let bytes = Buffer.byteLength(noteOf(lines.length)) + longestFence;
  const kept: string[] = [];
  for (const line of lines) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > mostBytes) break;
    kept.push(line);
  }
  if (kept.length === 0) return '';
  const open = openFence(kept);
  return [...kept, ...(open === null ? [] : [open])].join('\n') + noteOf(lines.length - kept.length);
}

const fenceOf = (line: string): string => /^`{3,}/.exec(line)?.[0] ?? '';

/** The fence of a code block that the last line is in; null: it is in none. */
function openFence(lines: readonly string[]): string | null {
  let open: string | null = null;
  for (const line of lines) {
    const fence = fenceOf(line);
    if (fence === '') continue;
    if (open === null) open = fence;
    else if (fence.length >= open.length && line.trim() === fence) open = null;
  }
  return open;
}
