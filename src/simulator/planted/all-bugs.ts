/** All planted bugs. */
import { chartBugs } from './chart-bugs.ts';
import { deliveryBugs } from './delivery-bugs.ts';
import { hubBugs } from './hub-bugs.ts';
import type { PlantedBug } from './planted-bug.ts';
import { storageBugs } from './storage-bugs.ts';
import { timeBugs } from './time-bugs.ts';

export const plantedBugs: readonly PlantedBug[] = [
  ...storageBugs,
  ...timeBugs,
  ...chartBugs,
  ...hubBugs,
  ...deliveryBugs,
];
