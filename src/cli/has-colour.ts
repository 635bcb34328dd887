/** Whether a stream's reader sees colours. */
export const hasColour = (stream: NodeJS.WriteStream): boolean => stream.isTTY && stream.hasColors();
