import type { ReportInput } from '../report-input.ts';
import { limitsOf, timelineSvg } from './timeline-chart.ts';
import { timelineData } from './timeline-data.ts';
import { type ChartLayout, layoutsFor } from './timeline-layout.ts';

/** What is installed on most machines: who draws pictures knows no font by a role. */
const families = 'Arial, Helvetica, Liberation Sans, DejaVu Sans, sans-serif';

/** The three panels that say most, for where there is little room. */
const small: Pick<ChartLayout, 'width' | 'panelHeights'>[] = [
  { width: 560, panelHeights: [80, 40, 100] },
  { width: 420, panelHeights: [70, 36, 80] },
  { width: 360, panelHeights: [60, 30, 70] },
];

/** The timeline of a run as SVGs of their own, for where no page is shown: as wide as in the report, and ever smaller; null where nothing was measured. */
export function timelinePictures({ facts, plan }: ReportInput): { large: string; small: string[] } | null {
  const data = timelineData(facts, 360);
  const [widest] = layoutsFor(data?.capacity != null);
  if (data === null || widest === undefined) return null;
  const draw = (layout: ChartLayout, shown = data) => drawable(timelineSvg(shown, limitsOf(plan), layout, plan.title));
  const few = timelineData(facts, 120);
  return {
    large: draw(widest),
    small: small.map((size) =>
      draw({ name: 'narrow', fontSize: 12, left: 52, ...size }, { ...(few ?? data), capacity: null }),
    ),
  };
}

/** resvg does not read the shorthand `font`. */
const drawable = (svg: string): string =>
  svg
    .replaceAll(/font: (\d+) (\d+px) ([^"]+)/g, 'font-weight:$1;font-size:$2;font-family:$3')
    .replaceAll('system-ui, sans-serif', families);
