/** Every chart of the hub, as plain data. */
import { type ChartDescription, machines, toJson } from 'xstate-hub/machines';

export const charts: readonly ChartDescription[] = Object.values(machines).map(toJson);
