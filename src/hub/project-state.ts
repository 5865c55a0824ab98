/** What is known of the project as a whole. Changed by immer, so that every change is a few patches in the log. */
import { applyPatches, enablePatches, type Patch, produceWithPatches } from 'immer';
import type { Json } from '../machines/json.ts';
import type { Payload } from '../machines/messages.ts';

enablePatches();

export interface ProjectState {
  readonly phase: string;
  readonly metadata: { readonly [key: string]: Json };
  /** Past phases, oldest first; `at` is when each began, in ms since the epoch. */
  readonly history: readonly { readonly phase: string; readonly at: number }[];
}

export const initialProject: ProjectState = { phase: 'initial', metadata: {}, history: [] };

/** How many past phases are kept. */
const keptPhases = 1000;

export type ProjectPatches = Payload<'project.updated'>['patches'];

/** The patches that an update makes; none when it changes nothing. */
export function projectPatches(
  state: ProjectState,
  { phase, metadata }: Payload<'project.update'>,
  at: number,
): ProjectPatches {
  const [, patches] = produceWithPatches(state, (draft) => {
    if (phase !== undefined && phase !== draft.phase) {
      draft.phase = phase;
      draft.history.push({ phase, at });
      if (draft.history.length > keptPhases) draft.history.shift();
    }
    for (const [key, value] of Object.entries(metadata ?? {})) {
      (draft.metadata as Record<string, Json>)[key] = value;
    }
  });
  return patches as ProjectPatches;
}

export const patchProject = (state: ProjectState, patches: ProjectPatches): ProjectState =>
  applyPatches(state, patches as Patch[]);
