const mostLines = 30;
const mostCharacters = 3_000;
const mostInALine = 1_000;

/** A message as a terminal can bear it: what was given, or was found in a file, may be long, or hold what moves the cursor. */
export function onAScreen(text: string): string {
  const lines = text
    .replaceAll(/[^\P{Cc}\n\t]/gu, escaped)
    .split('\n')
    .map(shortened);
  let room = mostCharacters;
  const shown = lines.slice(0, mostLines).filter((line) => {
    room -= line.length;
    return room >= 0;
  });
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`... and ${left} more ${left === 1 ? 'line' : 'lines'}`] : [])].join('\n');
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

function shortened(line: string): string {
  if (line.length <= mostInALine) return line;
  return `${line.slice(0, mostInALine / 2)} [...] ${line.slice(-mostInALine / 4)}`;
}
