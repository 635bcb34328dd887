import { type EChartsCoreOption, init } from 'echarts/core';
import { escapeHtml } from './markup.ts';

/**
 * A chart as an SVG that needs no script.
 * @param named name: which no other chart on the page has; label: what a screen reader says.
 */
export function chartSvg(
  options: EChartsCoreOption,
  size: { width: number; height: number },
  named: { name: string; label: string },
): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption(options);
    return standalone(chart.renderToSVGString({ useViewBox: true }), named.name, named.label);
  } finally {
    chart.dispose();
  }
}

/** Without hover styles, with ids that no second chart on the page shares, and with a name of its own. */
function standalone(svg: string, name: string, label: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/, '')
    .replace(/ class="zr\d+-[^"]*"/g, '')
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '')
    .replaceAll(' pointer-events="visible"', '')
    .replace(/\bzr\d+-/g, `${name}-`)
    .replace('<svg ', `<svg class="chart ${name}" role="img" aria-label="${escapeHtml(label)}" `)
    .replace('>', `><title>${escapeHtml(label)}</title>`);
}
