import { findK6 } from '../load/find-k6.ts';
import { calmHostWatch } from './calm-host.ts';
import { startLoad } from './start-load.ts';
import { startSentinel } from './start-sentinel.ts';

/** What a drill loads and measures with. Only the test of its sequence (sequence.test.ts) replaces them. */
export interface Instruments {
  findK6: typeof findK6;
  startLoad: typeof startLoad;
  startSentinel: typeof startSentinel;
  calmHostWatch: typeof calmHostWatch;
}

export const realInstruments: Instruments = { findK6, startLoad, startSentinel, calmHostWatch };
