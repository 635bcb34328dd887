import type { Exporter } from './exporter.ts';
import type { ExportFormat } from './formats.ts';
import { toGrafana } from './to-grafana.ts';
import { toOpenMetrics } from './to-openmetrics.ts';
import { toOtlp } from './to-otlp.ts';
import { toTables } from './to-tables.ts';

export const exporters: Record<ExportFormat, Exporter> = {
  openmetrics: toOpenMetrics,
  csv: toTables('csv'),
  parquet: toTables('parquet'),
  otlp: toOtlp,
  'grafana-annotations': toGrafana,
};
