export const mebibyte = 2 ** 20;
export const gibibyte = 2 ** 30;

/** A number of bytes for people: 216 MB, 1.5 GB. */
export const sizeText = (bytes: number): string =>
  bytes < gibibyte
    ? `${Math.floor(bytes / mebibyte)} MB`
    : `${(Math.floor((bytes / gibibyte) * 10) / 10).toFixed(1)} GB`;
