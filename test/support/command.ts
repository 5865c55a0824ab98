import type { CommandIo, ExitCode } from '../../src/cli/command.ts';

/** Where a command runs: as `CommandIo`, with everything optional, and somebody who may react to what is written. */
export interface World extends Partial<Omit<CommandIo, 'stdout' | 'stderr'>> {
  readonly onWrite?: (text: string) => void;
}

/** What a command wrote, and how it ended. */
export async function runCommand(
  run: (io: CommandIo) => Promise<ExitCode>,
  { isTTY = false, env = {}, onWrite, ...others }: World = {},
): Promise<{ exitCode: ExitCode; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text;
      onWrite?.(text);
    },
  });
  const exitCode = await run({ stdout: stream('stdout'), stderr: stream('stderr'), isTTY, env, ...others });
  return { exitCode, ...written };
}
