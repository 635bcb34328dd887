import type { Finding, Verdict } from '../model/verdict.ts';
import { clean } from './clean.ts';
import { byKind, kindOf } from './finding-kinds.ts';
import { runDurationMs } from './format.ts';
import { type Element, identifier, junitDocument, propertiesOf, seconds } from './junit-document.ts';
import { type Standing, standingOf } from './outcome-words.ts';
