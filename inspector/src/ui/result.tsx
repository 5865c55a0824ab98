import { ChevronUp } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { Run } from '../model/run.ts';
import { StateLabel } from './mark.tsx';
import '../styles/result.css';

/** How a scenario ended: what it expected, and whether that is so. */
export function Result({ run }: { readonly run: Run }) {
  const { result } = run;
  if (result === null) return null;
  const { outcome, expectations, log } = result;
  const held = expectations.filter(({ ok }) => ok);
  const failed = expectations.filter(({ ok }) => !ok);
  return (
    <output className="result" aria-label="Result" data-log-hash={log.hash}>
      <DialogTrigger>
        <Button className="result-button">
          <StateLabel tone={outcome === 'passed' ? 'done' : 'trouble'}>
            {outcome}: {held.length} of {expectations.length} expectations hold
            <ChevronUp size={12} aria-hidden />
          </StateLabel>
        </Button>
        <Popover className="popover" placement="top" offset={10}>
          <Dialog className="panel expectations" aria-label="What was expected">
            <h2>What was expected</h2>
            <ul>
              {[...failed, ...held].map(({ text, ok }) => (
                <li key={text}>
                  <StateLabel tone={ok ? 'done' : 'trouble'}>{ok ? 'holds' : 'fails'}</StateLabel>
                  <span>{text}</span>
                </li>
              ))}
            </ul>
          </Dialog>
        </Popover>
      </DialogTrigger>
    </output>
  );
}
