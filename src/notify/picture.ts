import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';
import { timelinePictures } from '../report/html/timeline-picture.ts';
import type { ReportInput } from '../report/report-input.ts';

/** The timeline of a run as a PNG, as large as in its report, and ever smaller, for who takes little. */
export interface Picture {
  large: Buffer;
  small: Buffer[];
}

/** null where nothing was measured. */
export function pictureOf(input: ReportInput): Picture | null {
  const pictures = timelinePictures(input);
  return pictures && { large: png(pictures.large), small: pictures.small.map((svg) => png(svg, withoutGreys)) };
}

/** Edges without greys between two colours take less than half of the bytes. */
const withoutGreys: ResvgRenderOptions = { shapeRendering: 1, textRendering: 0 };

const png = (svg: string, options: ResvgRenderOptions = {}): Buffer =>
  new Resvg(svg, { background: '#fff', ...options }).render().asPng();

export const dataUri = (image: Buffer): string => `data:image/png;base64,${image.toString('base64')}`;
