import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type RefObject, useEffect, useState } from 'react';
import type { PlanLayout } from '../../layout/plan-layout.ts';
import { watchScroll } from '../../ui/watch-scroll.ts';

interface MoreStagesProps {
  /** What scrolls. */
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly stages: PlanLayout['stages'];
}

/** Which stages lie out of sight on either side, and a way to them. */
export function MoreStages({ frame, stages }: MoreStagesProps) {
  const { before, after } = useOutOfSight(frame, stages);
  const show = (stage: number) => {
    const element = frame.current;
    const at = stages.find((one) => one.stage === stage);
    if (element !== null && at !== undefined) element.scrollLeft = at.x + at.width / 2 - element.clientWidth / 2;
  };
  return (
    <>
      {before > 0 && (
        <button type="button" className="button more-stages" onClick={() => show(before)}>
          <ChevronLeft size={16} aria-hidden /> {wordsFor(1, before)}
        </button>
      )}
      {after <= stages.length && (
        <button type="button" className="button more-stages after" onClick={() => show(after)}>
          {wordsFor(after, stages.length)} <ChevronRight size={16} aria-hidden />
        </button>
      )}
    </>
  );
}

const wordsFor = (from: number, to: number): string => (from === to ? `Stage ${from}` : `Stages ${from}–${to}`);

/** The last one on the left of which less than half is in sight, and the first one on the right; stages count from 1. */
function useOutOfSight(frame: MoreStagesProps['frame'], stages: PlanLayout['stages']) {
  const [before, setBefore] = useState(0);
  const [after, setAfter] = useState(stages.length + 1);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const look = () => {
      const { scrollLeft, clientWidth } = element;
      const middles = stages.map(({ x, width }) => x + width / 2);
      setBefore(middles.filter((middle) => middle < scrollLeft).length);
      setAfter(middles.filter((middle) => middle <= scrollLeft + clientWidth).length + 1);
    };
    return watchScroll(element, look);
  }, [frame, stages]);
  return { before, after };
}
