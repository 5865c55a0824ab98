import type { CommandIo, ExitCode } from '../../src/cli/command.ts';

/** What a command wrote, and how it ended. */
export async function runCommand(
  run: (io: CommandIo) => Promise<ExitCode>,
  { isTTY = false, env = {}, ...others }: Partial<Omit<CommandIo, 'stdout' | 'stderr'>> = {},
): Promise<{ exitCode: ExitCode; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text;
    },
  });
  const exitCode = await run({ stdout: stream('stdout'), stderr: stream('stderr'), isTTY, env, ...others });
  return { exitCode, ...written };
}
