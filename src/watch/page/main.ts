import type { Replay } from '../events.ts';
import { followLive } from './live.ts';
import { replay } from './replay.ts';

const stored = document.getElementById('replay')?.textContent;
if (stored) replay(JSON.parse(stored) as Replay);
else followLive();
