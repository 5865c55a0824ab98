import type { MessageType, RecordOf } from '../../src/machines/messages.ts';
import type { Simulation } from '../../src/scenarios/simulation.ts';

/** The records of one type, so far. */
export const recordsOf = <T extends MessageType>(simulation: Simulation, type: T): RecordOf<T>[] =>
  simulation.records().filter((record): record is RecordOf<T> => record.type === type);

/** The types of all records, so far. */
export const typesOf = (simulation: Simulation): MessageType[] => simulation.records().map(({ type }) => type);
