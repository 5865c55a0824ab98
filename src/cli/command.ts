/** What a command of `xstate-hub` is, and the world that it is given: tests call it without a process. */
import { styleText } from 'node:util';

export interface CommandIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person reads stdout in a terminal. */
  readonly isTTY: boolean;
  /** How wide that terminal is. */
  readonly columns?: number | undefined;
  /** Where a person can answer, if there is one. */
  readonly stdin?: NodeJS.ReadStream;
  /** Aborts when the person wants to stop (Ctrl-C). */
  readonly signal?: AbortSignal;
}

/** 0 when all is well, 1 when what was asked did not hold, 2 for bad input, 130 when the person stopped it. */
export type ExitCode = 0 | 1 | 2 | 130;

export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** All that `xstate-hub help <name>` says. */
  readonly usage: string;
  run(args: readonly string[], io: CommandIo): Promise<ExitCode>;
}

/** The caller wrote something that this command does not know; the message says what it knows. Exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Styles text for a terminal, and leaves it as it is for files, pipes and those who set NO_COLOR. */
export function painter({ isTTY, env }: CommandIo): Paint {
  const plain = !isTTY || env.TERM === 'dumb' || (env.NO_COLOR ?? '') !== '';
  return plain ? (_style, text) => text : (style, text) => styleText(style, text, { validateStream: false });
}
