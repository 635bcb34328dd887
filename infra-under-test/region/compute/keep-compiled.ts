/** Runs in the first pod before the shop does: writes compiled code for later pods early, not only at the pod's end. */
import { flushCompileCache } from 'node:module';

const afterMs = 5_000;

setTimeout(flushCompileCache, afterMs).unref();
