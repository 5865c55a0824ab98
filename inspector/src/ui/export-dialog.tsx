/** Everything that can be exported of a run: its log, pictures of it, and a test that holds it fast. */
import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { Exported } from '../engine/protocol.ts';
import { useWorkbench } from '../model/hooks.ts';
import type { Run } from '../model/run.ts';
import { svgOf } from '../model/svg-exports.ts';
import type { Refusal } from '../model/worker-client.ts';
import { saveFile } from './save-file.ts';
import '../styles/export.css';
import { number } from './number.ts';

const charts = ['task', 'agent', 'consultation', 'gate', 'orchestration', 'hub'] as const;

interface ExportDialogProps {
  readonly run: Run;
  onClose(): void;
}

export function ExportDialog({ run, onClose }: ExportDialogProps) {
  const { view, selection } = useWorkbench();
  const selected = charts.find((one) => selection?.startsWith(`${one}:`)) ?? 'task';
  const [chart, setChart] = useState<string>(selected);
  const [said, setSaid] = useState('');
  const [refused, setRefused] = useState('');
  const [test, setTest] = useState<Exported | null>(null);
  const [picture] = useState(() => svgOf(view)); // As it stood when the dialog was opened.
  const name = fileName(run.opened.title);

  const attempt = async (what: string, work: () => Promise<void>) => {
    setRefused('');
    setSaid(`Making ${what}…`);
    try {
      await work();
      setSaid('');
    } catch (refusal) {
      setSaid('');
      setRefused((refusal as Refusal).message);
    }
  };
  const take = (what: 'trace' | 'sequence' | 'chart' | 'test') =>
    run.ask('exportAs', { what, name, chart, interventions: run.interventions });
  const save = (what: 'trace' | 'sequence' | 'chart') =>
    attempt(what, async () => {
      for (const file of (await take(what)).files) saveFile(file.name, file.text);
    });

  return (
    <ModalOverlay className="overlay" isDismissable isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      <Modal className="modal">
        <Dialog className="export">
          <Heading slot="title" className="dialog-title">
            Export
          </Heading>
          <ul className="exports">
            <Row name="Log" about={`All ${number(run.head)} records as JSON lines. They can be opened here again.`}>
              <Save
                label="Save the log"
                onSave={() => void attempt('the log', async () => saveFile(`${name}.jsonl`, await run.exportLog()))}
              />
            </Row>
            <Row
              name="Test"
              about={
                run.isSimulation
                  ? 'This run as a scenario, with what happened as what is expected, and a vitest file that plays it.'
                  : 'A scenario whose agents do again what they did here, as far as a log can tell, and a vitest file.'
              }
            >
              <button
                type="button"
                className="button"
                onClick={() => void attempt('the test', async () => setTest(await take('test')))}
              >
                {test === null ? 'Make a test' : 'Make it again'}
              </button>
            </Row>
            {test !== null && <TestFiles test={test} />}
            <Row name="Trace" about="Tasks and agents as tracks, messages as arrows: for ui.perfetto.dev or Chrome.">
              <Save label="Save the trace" onSave={() => void save('trace')} />
            </Row>
            <Row name="Sequence" about="Who said what to whom, as a Mermaid diagram.">
              <Save label="Save the sequence" onSave={() => void save('sequence')} />
            </Row>
            <Row name="Chart" about="The life of one kind of actor, as a Mermaid diagram.">
              <select
                className="field"
                aria-label="Chart"
                value={chart}
                onChange={(event) => setChart(event.target.value)}
              >
                {charts.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
              <Save label="Save the chart" onSave={() => void save('chart')} />
            </Row>
            <Row
              name="Picture"
              about={
                picture === null
                  ? `There is no picture in this view. The floor, the sequence and the plan have one.`
                  : `The ${view} view as it stands now, as SVG.`
              }
            >
              <Save
                label="Save the picture"
                isDisabled={picture === null}
                onSave={() => picture !== null && saveFile(`${name}-${view}.svg`, picture)}
              />
            </Row>
          </ul>
          <p role="status" className="soft">
            {said}
          </p>
          <p role="alert" className="tone-trouble refused">
            {refused}
          </p>
          <Button slot="close" className="button">
            Close
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const fileName = (title: string): string =>
  title.replace(/\.(jsonl|ya?ml|json)$/, '').replace(/[^A-Za-z0-9._-]+/g, '-') || 'run';

interface RowProps {
  readonly name: string;
  readonly about: string;
  readonly children: React.ReactNode;
}

function Row({ name, about, children }: RowProps) {
  return (
    <li>
      <div>
        <h3>{name}</h3>
        <p className="soft">{about}</p>
      </div>
      <div className="export-acts">{children}</div>
    </li>
  );
}

interface SaveProps {
  readonly label: string;
  readonly isDisabled?: boolean;
  onSave(): void;
}

function Save({ label, isDisabled = false, onSave }: SaveProps) {
  return (
    <button type="button" className="button" aria-label={label} disabled={isDisabled} onClick={onSave}>
      <Download size={14} aria-hidden /> Save
    </button>
  );
}

/** Browsers let a page save one file at a click: so each has its own. */
function TestFiles({ test: { files, missing } }: { readonly test: Exported }) {
  return (
    <li className="test-files">
      <ul>
        {files.map(({ name, text }) => (
          <li key={name}>
            <span className="mono">{name}</span>
            <Save label={`Save ${name}`} onSave={() => saveFile(name, text)} />
          </li>
        ))}
      </ul>
      {missing.length === 0 ? (
        <p className="soft">Run again, it ends as this run did. Keep both files in one folder.</p>
      ) : (
        <details>
          <summary>
            {missing.length === 1 ? 'One thing does' : `${missing.length} things do`} not come about again, and so{' '}
            {missing.length === 1 ? 'is' : 'are'} not expected
          </summary>
          <ul className="soft">
            {missing.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
