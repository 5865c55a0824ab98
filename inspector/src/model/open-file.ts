/** A file of a person, by whatever way it came: a scenario is run, a log is shown. */
import type { Workbench } from './workbench.ts';

export async function openFile(workbench: Workbench, file: File | undefined): Promise<void> {
  if (file === undefined) return;
  const isScenario = /\.(ya?ml)$/.test(file.name);
  await workbench.open(
    isScenario
      ? { kind: 'simulation', text: await file.text(), file: file.name, humans: true, interventions: [] }
      : { kind: 'log', text: file, file: file.name },
    file.name,
  );
}
