import { Dices, Play, Undo2 } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { Checked } from '../../engine/protocol.ts';
import { drafts } from '../../model/drafts.ts';
import { gallery } from '../../model/gallery.ts';
import { useWorkbench } from '../../model/hooks.ts';
import type { Run } from '../../model/run.ts';
import { Editor } from './editor.tsx';
import '../../styles/scenario.css';

/** The file behind a simulation: to read, to change, and to run again. */
export function ScenarioView({ run }: { readonly run: Run }) {
  if (run.origin.kind !== 'simulation') {
    return <div className="empty">This run has no scenario: it is a log, or a hub that is at work.</div>;
  }
  return <Scenario key={run.id} run={run} origin={run.origin} />;
}

type SimulationOrigin = Extract<Run['origin'], { kind: 'simulation' }>;

/** How long nobody types before the text is checked, in ms. */
const patience = 150;

function Scenario({ run, origin }: { readonly run: Run; readonly origin: SimulationOrigin }) {
  const workbench = useWorkbench();
  const { file } = origin;
  const original = gallery.find(({ name }) => `${name}.yaml` === file)?.text ?? origin.text;
  const [text, setText] = useState(() => drafts.read(file, original) ?? origin.text);
  const [seed, setSeed] = useState(String(run.opened.seed ?? ''));
  const [humans, setHumans] = useState(origin.humans);
  const { checked, isStale } = useCheck(run, text, file);
  const saidId = useId();
  const trouble = checked?.trouble ?? null;
  const canRun = checked !== null && !isStale && trouble === null;
  const edit = (next: string) => {
    setText(next);
    drafts.write(file, original, next);
  };
  const runIt = async (withSeed = seed) => {
    const number = Number(withSeed);
    const isSeed = withSeed.trim() !== '' && Number.isSafeInteger(number);
    const isOpen = await workbench.restart({ text, humans, ...(isSeed && { seed: number }) });
    if (isOpen) workbench.show('floor');
  };
  const rollSeed = () => setSeed(String(Math.floor(Math.random() * 100_000)));
  return (
    <div className="scenario-view">
      <div className="view-bar">
        <button type="button" className="button primary" disabled={!canRun} onClick={() => void runIt()}>
          <Play size={16} aria-hidden /> Run it
        </button>
        <label className="scenario-seed">
          Seed
          <input
            className="field"
            inputMode="numeric"
            size={8}
            value={seed}
            placeholder={String(checked?.seed ?? 1)}
            onChange={(event) => setSeed(event.target.value.replace(/[^\d-]/g, ''))}
          />
        </label>
        <button type="button" className="button" onClick={rollSeed}>
          <Dices size={16} aria-hidden /> Another seed
        </button>
        <label className="scenario-humans">
          <input type="checkbox" checked={!humans} onChange={(event) => setHumans(!event.target.checked)} />I decide the
          gates
        </label>
        <button
          type="button"
          className="button scenario-reset"
          disabled={text === original}
          onClick={() => edit(original)}
        >
          <Undo2 size={16} aria-hidden /> Reset
        </button>
      </div>
      <Editor
        name="Scenario"
        text={text}
        trouble={trouble}
        describedBy={saidId}
        onChange={edit}
        onRun={() => canRun && void runIt()}
      />
      <p id={saidId} role="status" className={`scenario-said ${trouble === null ? 'soft' : 'tone-trouble'}`}>
        {saidOf(trouble, text === origin.text, checked === null)}
      </p>
    </div>
  );
}

function saidOf(trouble: Checked['trouble'], isRunning: boolean, isUnknown: boolean): string {
  if (isUnknown) return 'Checking…';
  if (trouble === null) return isRunning ? 'This is what runs.' : 'It can run. Ctrl + Enter runs it.';
  const line = trouble.line === null ? '' : `Line ${trouble.line}: `;
  return `${line}${trouble.message}`;
}

/** What the worker says of a text, when nobody has typed for a moment. */
function useCheck(run: Run, text: string, file: string): { checked: Checked | null; isStale: boolean } {
  const [known, setKnown] = useState<{ readonly text: string; readonly checked: Checked } | null>(null);
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      run.ask('check', { text, file }).then(
        (checked) => isWanted && setKnown({ text, checked }),
        () => {}, // The run was closed meanwhile.
      );
    }, patience);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [run, text, file]);
  return { checked: known?.checked ?? null, isStale: known?.text !== text };
}
