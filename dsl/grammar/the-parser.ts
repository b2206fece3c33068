import { StratParser } from './parser.ts';

/** One instance a process: building it analyses the grammar. It keeps nothing between calls. */
export const PARSER = new StratParser();
