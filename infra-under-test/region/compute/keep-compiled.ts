/** Runs in the first pod before the shop does: writes what was compiled for the pods that start later, not only at the end. */
import { flushCompileCache } from 'node:module';

const afterMs = 5_000;

setTimeout(flushCompileCache, afterMs).unref();
