import { X } from 'lucide-react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useWorkbench } from '../model/hooks.ts';
import type { View } from '../model/place.ts';
import { type Key, shortcuts, timelineKeys } from '../model/shortcuts.ts';
import type { Tone } from '../model/tone.ts';
import '../styles/help.css';
import { IconButton } from './icon-button.tsx';
import { Mark } from './mark.tsx';

const names: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowDown: '↓',
  Escape: 'Esc',
};
const keyName = ({ key, shift }: Key) =>
  `${shift === true ? 'Shift ' : ''}${names[key] ?? (key.length === 1 ? key.toUpperCase() : key)}`;

const aboutViews: { readonly [view in View]: string } = {
  floor: 'the hub, its agents around it, and messages on their way',
  actors: 'everything that has a state, and its statechart',
  sequence: 'who said what to whom, from top to bottom',
  timeline: 'who had which task when, and what it waited for',
  queue: 'what waits for an agent, in which order, and why',
  plan: 'a complex task by its subtasks',
  log: 'every record, to search',
  project: 'what the project knows: decisions, files, findings',
  gates: 'what waits for a person, and what people decided',
  health: 'whether all is well: figures, agents, what was lost',
  why: 'what led to this record, and why this agent',
  compare: 'this run beside another one, and where they part',
  scenario: 'the file that this run plays; edit it and run it again',
};

const marks: readonly (readonly [Tone, string])[] = [
  ['idle', 'idle, or waits for its turn'],
  ['work', 'at work'],
  ['ask', 'asks a specialist, and waits for the answer'],
  ['human', 'waits for a person'],
  ['held', 'paused by a person'],
  ['done', 'done'],
  ['trouble', 'failed, or in trouble'],
];

const words: readonly (readonly [string, string])[] = [
  ['Record', 'One line of the log: what was asked of the hub, or what happened.'],
  ['Gate', 'A question that a person decides. The work waits until then; decide it in Gates.'],
  ['Seed', 'The number that all chance comes from: the same seed gives the same run.'],
  ['Fork', 'Another run from this moment on, in a tab of its own. This one stays as it is.'],
  ['Breakpoint', 'Where a run pauses by itself: at a state, a type of record, or a long queue.'],
];

const upper = (view: string) => view.charAt(0).toUpperCase() + view.slice(1);

/** What the page shows, and its keys, over the page. */
export function Help() {
  const workbench = useWorkbench();
  const ofGroup = (group: string) => shortcuts.filter((one) => one.group === group);
  return (
    <ModalOverlay
      className="overlay"
      isDismissable
      isOpen={workbench.isHelpOpen}
      onOpenChange={(isOpen) => workbench.toggleHelp(isOpen)}
    >
      <Modal className="modal">
        <Dialog className="help">
          <header className="help-head">
            <Heading slot="title" className="dialog-title">
              Help
            </Heading>
            <IconButton name="Close" keys="Esc" slot="close">
              <X size={16} />
            </IconButton>
          </header>
          <p>
            The page shows one run of a hub that gives work to a team of agents. Everything that happens is a record in
            its log. Play it, step through it, or drag to any moment below: each view shows the run as it stood then.
          </p>
          <div className="help-groups">
            <section>
              <h3>Marks</h3>
              <ul>
                {marks.map(([tone, means]) => (
                  <li key={tone}>
                    <Mark tone={tone} /> {means}
                  </li>
                ))}
              </ul>
            </section>
            <section>
              <h3>Words</h3>
              <dl className="help-words">
                {words.map(([word, means]) => (
                  <div key={word}>
                    <dt>{word}</dt>
                    <dd>{means}</dd>
                  </div>
                ))}
              </dl>
            </section>
          </div>
          <section>
            <h3>Views</h3>
            <dl className="help-views">
              {ofGroup('Views').map((one) => (
                <div key={one.does}>
                  <dt>
                    <kbd>{keyName(one)}</kbd> {upper(one.does)}
                  </dt>
                  <dd>{aboutViews[one.does as View]}</dd>
                </div>
              ))}
            </dl>
          </section>
          <div className="help-groups">
            <Keys name="Keys: time" keys={ofGroup('Time')} />
            <Keys name="Keys: timeline" keys={timelineKeys} />
            <Keys name="Keys: page" keys={ofGroup('Page')} />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Keys({ name, keys }: { readonly name: string; readonly keys: readonly Key[] }) {
  return (
    <section>
      <h3>{name}</h3>
      <dl className="help-keys">
        {keys.map((one) => (
          <div key={one.does}>
            <dt>
              <kbd>{keyName(one)}</kbd>
            </dt>
            <dd>{one.does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
