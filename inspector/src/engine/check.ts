/** Whether a scenario file could run, and where it could not. */
import { HubError } from 'xstate-hub';
import { readScenario } from 'xstate-hub/testing';
import type { Checked } from './protocol.ts';

export function check(text: string, file: string): Checked {
  try {
    return { trouble: null, seed: readScenario(text, file).seed };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const { message, path, expected } = error;
    const place = message.startsWith(`${file}:`) ? /^(\d+):(?:\d+:)? ?/.exec(message.slice(file.length + 1)) : null;
    return {
      seed: null,
      trouble: {
        message: place === null ? message : message.slice(file.length + 1 + place[0].length),
        line: place === null ? null : Number(place[1]),
        ...(path !== undefined && { path }),
        ...(expected !== undefined && { expected }),
      },
    };
  }
}
