/** What a run can be exported as. */
export const exportFormats = ['openmetrics', 'csv', 'parquet', 'otlp', 'grafana-annotations'] as const;
export type ExportFormat = (typeof exportFormats)[number];
