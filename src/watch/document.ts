import { createHash } from 'node:crypto';
import { jsonForScript, Markup, markup } from '../report/html/markup.ts';
import { style } from '../report/html/style.ts';
import type { Replay } from './events.ts';
import { pageScript } from './page-script.ts';
import { watchStyle } from './watch-style.ts';

/** A page, and what has to be said to a browser with it. */
export interface Document {
  html: string;
  headers: Record<string, string>;
}

/** The page that shows a drill: a finished one if a replay is in it, otherwise the one that runs. One file, whatever it shows. */
export async function watchDocument(title: string, replay?: Replay): Promise<Document> {
  const [script, styles] = [await pageScript(), `${style}${watchStyle}`];
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(styles)}'`,
    'img-src data:',
    ...(replay ? [] : ["connect-src 'self'"]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return {
    html: markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(styles)}</style>
</head>
<body>
${body(replay !== undefined)}
${replay ? markup`<script type="application/json" id="replay">${jsonForScript(replay)}</script>` : null}
<script>${new Markup(script)}</script>
</body>
</html>
`.html,
    headers: {
      // What only a header can forbid: to be shown inside another page.
      'content-security-policy': `${policy}; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    },
  };
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

const body = (isReplay: boolean): Markup => markup`<main class="watch">
<header>
<div><p class="origin" id="origin"></p><h1 id="title">Waiting for the drill</h1></div>
<p class="link-state" id="link" role="status"></p>
${isReplay ? null : markup`<button type="button" id="stop" disabled>Stop the drill</button>`}
</header>
<section class="now" aria-labelledby="now-title"><h2 id="now-title" class="unseen">Now</h2><div id="now"></div></section>
<p role="status" class="unseen" id="said"></p>
${isReplay ? replayControls : null}
<section aria-labelledby="figures-title"><h2 id="figures-title" class="unseen">Figures</h2><ul class="tiles" id="figures"></ul></section>
<section class="chart-part" aria-labelledby="axis-title"><h2 id="axis-title">Over time</h2><figure id="chart"></figure></section>
<div class="columns">
<section aria-labelledby="course-title"><h2 id="course-title">Steps of the drill</h2><ol class="card course" id="course"></ol></section>
<section aria-labelledby="runbook-title"><h2 id="runbook-title">Runbook</h2><div class="card runbook" id="runbook" tabindex="0" role="region" aria-labelledby="runbook-title"></div></section>
<section aria-labelledby="fault-title"><h2 id="fault-title">The fault</h2><div class="card" id="fault"></div></section>
<section aria-labelledby="alerts-title"><h2 id="alerts-title">Alerts on the error budget</h2><div class="card" id="alerts"></div></section>
<section aria-labelledby="zones-title"><h2 id="zones-title">Zones and replicas</h2><div class="card" id="zones"></div></section>
<section aria-labelledby="told-title"><h2 id="told-title">What happened</h2><div class="card told" tabindex="0" role="region" aria-labelledby="told-title"><ol id="told"></ol></div></section>
<section aria-labelledby="verdict-title"><h2 id="verdict-title">Verdict</h2><div class="card" id="verdict"></div></section>
</div>
</main>
${isReplay ? null : [stopDialog, tickDialog]}`;

const replayControls = markup`<div class="card replay" role="group" aria-label="Replay">
<button type="button" id="play">Play</button>
<label>Speed <select id="speed"><option value="1">1x</option><option value="5" selected>5x</option><option value="20">20x</option></select></label>
<label class="scrub">Time <input type="range" id="scrub" min="0" max="1" step="1" value="0"></label>
<label>Show <select id="zoom"><option value="0" selected>the whole drill</option><option value="60000">a minute</option><option value="10000">ten seconds</option><option value="1000">one second</option></select></label>
</div>`;

const stopDialog = markup`<dialog id="stopping" aria-labelledby="stopping-title">
<h2 id="stopping-title">Stop the drill?</h2>
<p>It ends in order, as by Ctrl-C in its terminal: the load stops, the fault is undone, what was measured is judged. This cannot be taken back.</p>
<p id="stopping-problem" role="alert"></p>
<div class="buttons"><button type="button" id="keep">Keep it running</button><button type="button" id="stop-now" class="danger">Stop the drill</button></div>
</dialog>`;

const tickDialog = markup`<dialog id="ticking" aria-labelledby="ticking-title">
<h2 id="ticking-title">Is this step done?</h2>
<p id="ticking-step"></p>
<p>It is written into the evidence of the drill, with your name and the time, and cannot be taken back.</p>
<form id="ticking-form">
<p><label for="ticking-by">Your name</label> <input id="ticking-by" required maxlength="80" autocomplete="name"></p>
<p id="ticking-problem" role="alert"></p>
<div class="buttons"><button type="button" id="ticking-not">Not yet</button><button type="submit" id="ticking-done">It is done</button></div>
</form>
</dialog>`;
