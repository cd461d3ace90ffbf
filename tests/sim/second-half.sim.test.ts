import { runSeeds } from './seeds';

runSeeds(51, 100);
