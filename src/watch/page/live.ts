import type { WatchEvent } from '../events.ts';
import { actToken } from './act.ts';
import { wholeView } from './parts.ts';
import { element, say, show } from './show.ts';
import { emptyState, type Happening, type State, take } from './state.ts';
import { offerStop } from './stop.ts';
import { offerTicks } from './tick.ts';

const drawEveryMs = 500;
/** For a server that refuses: a browser comes back by itself only to one that is away. */
const comeBackAfterMs = 5_000;

/** Follows a drill that runs. */
export function followLive(): void {
  let state = emptyState();
  let skewMs = 0;
  const link = element('link', HTMLElement);
  const stop = offerStop(() => state);
  offerTicks(() => state);
  const canTick = actToken() !== null;
  const tellNews = newsTeller();
  const draw = () => {
    const nowMs = Date.now() + skewMs;
    show(state, nowMs, { ...wholeView(state), cursorMs: null }, null, { canTick });
    stop.update();
    tellNews(state);
  };
  const tellLink = (text: string, isGood: boolean) => {
    link.textContent = text;
    link.classList.toggle('away', !isGood);
  };
  const follow = () => {
    const source = new EventSource('events');
    source.onopen = () => tellLink('live', true);
    source.onerror = () => {
      if (state.verdict) {
        source.close();
        tellLink('the drill has ended', true);
        return;
      }
      tellLink('no connection to the drill; trying again. What is shown may be old.', false);
      if (source.readyState === EventSource.CLOSED) setTimeout(follow, comeBackAfterMs);
    };
    source.addEventListener('clock', ({ data }) => {
      skewMs = Number(data) - Date.now();
    });
    source.onmessage = ({ data }) => {
      state = take(state, JSON.parse(data) as WatchEvent);
    };
  };
  follow();
  setInterval(draw, drawEveryMs);
  addEventListener('resize', draw);
  draw();
}

/** Says what is new, and nothing of what had happened before somebody came. */
function newsTeller(): (state: State) => void {
  let last: Happening | undefined;
  let hasCaughtUp = false;
  return ({ frame, happenings }) => {
    const news = happenings.slice(last ? happenings.indexOf(last) + 1 : 0).filter(({ isNews }) => isNews);
    last = happenings.at(-1);
    if (hasCaughtUp && news.length > 0) say(news.map(({ text }) => text).join('. '));
    hasCaughtUp ||= frame !== null;
  };
}
