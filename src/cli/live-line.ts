import { createLogUpdate } from 'log-update';

/** A line that lives on a terminal; undefined where there is none, or one that knows nothing but text, as an editor's has it. */
export const liveLine = (stream: NodeJS.WriteStream) =>
  stream.isTTY && process.env.TERM !== 'dumb' ? createLogUpdate(stream) : undefined;
