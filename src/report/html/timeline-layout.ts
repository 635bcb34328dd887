/** How a chart is drawn for a kind of screen: as wide as it will be shown, so that its text keeps its size. */
export interface ChartLayout {
  name: 'wide' | 'narrow';
  width: number;
  /** Of throughput, failures, latency and, where it is known, capacity, top to bottom. */
  panelHeights: number[];
  fontSize: number;
  /** Room for the labels of the vertical axes. */
  left: number;
}

const layouts: ChartLayout[] = [
  { name: 'wide', width: 1080, panelHeights: [150, 90, 220], fontSize: 12, left: 52 },
  { name: 'narrow', width: 358, panelHeights: [110, 80, 190], fontSize: 12, left: 52 },
];

const capacityHeight = 90;

/** A layout for each kind of screen, with a panel for pods and nodes or without. */
export const layoutsFor = (hasCapacity: boolean): ChartLayout[] =>
  layouts.map((layout) => ({
    ...layout,
    panelHeights: [...layout.panelHeights, ...(hasCapacity ? [capacityHeight] : [])],
  }));

export const right = 14;
/** Above the first panel: its title, the two instants and the names of the phases. */
export const top = 54;
const panelGap = 52;
const axisHeight = 46;

export const panelTop = (layout: ChartLayout, panel: number): number =>
  top + layout.panelHeights.slice(0, panel).reduce((sum, height) => sum + height + panelGap, 0);

export const chartHeight = (layout: ChartLayout): number =>
  panelTop(layout, layout.panelHeights.length) - panelGap + axisHeight;

export const plotWidth = (layout: ChartLayout): number => layout.width - layout.left - right;

export const textStyle = (layout: ChartLayout, color: string) => ({
  color,
  fontSize: layout.fontSize,
  fontFamily: 'system-ui, sans-serif',
});
