import { join } from 'node:path';
import { strategyContract } from 'strat/testkit/strategy-contract';

strategyContract({ file: join(import.meta.dirname, '__name__.strat'), trades: true });
