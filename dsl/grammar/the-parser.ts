import { StratParser } from './parser.ts';

/** One instance a process: building it takes milliseconds. It keeps nothing between calls. */
export const PARSER = new StratParser();
