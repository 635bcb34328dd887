/** Thresholds and the summary keep every value in memory, and judge without phases. */
export const runOptions = [
  '--no-thresholds',
  '--summary-mode=disabled',
  '--quiet',
  '--no-usage-report',
  '--no-color',
] as const;

/** Environment variables of every k6, wherever it runs. */
export const sampleSettings = {
  K6_CSV_TIME_FORMAT: 'unix_micro',
  K6_CSV_SAVE_INTERVAL: '500ms',
  K6_AUTO_EXTENSION_RESOLUTION: 'false',
  // HTTP/1.1, as the sentinel speaks it.
  GODEBUG: 'http2client=0',
} as const;
