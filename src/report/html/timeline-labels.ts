import { chartColours as colours } from './style.ts';
import type { TimelineData } from './timeline-data.ts';
import { type ChartLayout, panelTop, plotWidth, textStyle, top } from './timeline-layout.ts';

/** A text of the chart at an exact place; x is its left end. */
interface Label {
  words: string;
  x: number;
  y: number;
  color: string;
  weight: 400 | 600;
}

const panelTitles = ['Requests per second', 'Failed requests per second', 'Latency of all requests', 'Pods and nodes'];

/** Words at exact places, for echarts' graphic component: titles, names of phases, and the two instants of the fault. */
export function labels(data: TimelineData, layout: ChartLayout): object[] {
  return [...titles(layout), ...phaseNames(data, layout), ...instants(data, layout)].map(
    ({ words, x, y, color, weight }) => {
      const { fontSize, fontFamily } = textStyle(layout, color);
      return {
        type: 'text',
        silent: true,
        x,
        y,
        style: { text: words, fill: color, font: `${weight} ${fontSize}px ${fontFamily}` },
      };
    },
  );
}

/** An estimate on the wide side: no font is measured where this runs. */
const widthOf = (words: string, layout: ChartLayout): number => words.length * layout.fontSize * 0.6;

const toX = (second: number, data: TimelineData, layout: ChartLayout): number =>
  layout.left + (second / data.endS) * plotWidth(layout);

function titles(layout: ChartLayout): Label[] {
  return panelTitles.slice(0, layout.panelHeights.length).map((words, panel) => {
    const above = panel === 0 ? top : 25;
    return { words, x: 0, y: panelTop(layout, panel) - above, color: colours.strongText, weight: 600 };
  });
}

/** Of the phases that are wide enough for their names; the caption lists them all. */
function phaseNames(data: TimelineData, layout: ChartLayout): Label[] {
  return data.phases.flatMap(({ name, startS, endS }) => {
    const start = toX(startS, data, layout);
    const room = toX(endS, data, layout) - start - widthOf(name, layout);
    return room < 0 ? [] : [{ words: name, x: start + room / 2, y: top - 16, color: colours.text, weight: 400 }];
  });
}

/** The injection ends at its line and the recovery starts at its own, unless the edge or the other is in the way. */
function instants(data: TimelineData, layout: ChartLayout): Label[] {
  const { injectedS, recoveredS } = data;
  const place = { y: top - 34, weight: 600 } as const;
  const at = (second: number): number => toX(second, data, layout);
  const placed: Label[] = [];
  let free = layout.width;
  if (recoveredS !== null) {
    const words = `${injectedS === null ? 'back from' : 'steady'} ${recoveredS.toFixed(1)} s`;
    const x = Math.min(at(recoveredS) - 2, layout.width - widthOf(words, layout));
    placed.push({ words, x, color: colours.recovered, ...place });
    free = x - 6;
  }
  if (injectedS !== null) {
    const words = `fault ${injectedS.toFixed(1)} s`;
    const end = Math.min(at(injectedS) + 8, free);
    placed.push({ words, x: Math.max(0, end - widthOf(words, layout)), color: colours.failed, ...place });
  }
  return placed;
}
