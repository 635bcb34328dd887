import type { Outcome } from '../../model/verdict.ts';
import { outcomeWords } from '../outcome-words.ts';
import { jsonForScript, Markup, markup } from './markup.ts';
import { style } from './style.ts';

/** What a page is made of. */
export interface Page {
  /** null: the page is about no verdict. */
  outcome: Outcome | null;
  title: string;
  /** What a search or a preview shows of it. */
  description: string;
  body: Markup;
  footer: Markup;
  /** The data that the page shows, embedded for tools, by its name. */
  data: { id: string; value: unknown };
}

/** A page as one HTML file, without scripts, that asks nothing of any network: its policy forbids it. */
export function pageHtml({ outcome, title, description, body, footer, data }: Page): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${description}">
<title>${outcome && `${outcomeWords[outcome]}: `}${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${body}
</main>
<footer>${footer}</footer>
<script type="application/json" id="${data.id}">${jsonForScript(data.value)}</script>
</body>
</html>
`;
  return page.html;
}

/** The command that makes this page's result again. */
export const command = (text: string): Markup => markup`<pre tabindex="0" aria-label="Command">${text}</pre>`;
