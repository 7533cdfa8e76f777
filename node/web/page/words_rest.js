// The words that only whoever is logged in, or sets up a node, is told.
import cases from './words_cases.js';
import help from './words_help.js';
import township from './words_township.js';
import { learn } from './words.js';

learn({ ...cases, ...help, ...township });
