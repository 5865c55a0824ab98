import { useRef, useState } from 'react';
import type { Checked } from '../../engine/protocol.ts';

interface EditorProps {
  readonly name: string;
  readonly text: string;
  readonly trouble: Checked['trouble'];
  readonly describedBy: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** As the style sheet has it, in px. */
const lineHeight = 20;
const padding = 12;

/** Text with line numbers, and what is wrong at the line where it is. */
export function Editor({ name, text, trouble, describedBy, onChange, onRun }: EditorProps) {
  const [top, setTop] = useState(0);
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = text.split('\n').length;
  const line = trouble?.line ?? null;
  const place = (number: number) => padding + (number - 1) * lineHeight - top;
  const goTo = (number: number) => {
    const { current } = area;
    if (current === null) return;
    const start = text.split('\n', number - 1).reduce((sum, one) => sum + one.length + 1, 0);
    current.focus();
    current.setSelectionRange(start, text.indexOf('\n', start) < 0 ? text.length : text.indexOf('\n', start));
    current.scrollTop = Math.max(0, (number - 4) * lineHeight);
  };
  return (
    <div className="editor">
      <div className="editor-numbers" aria-hidden="true">
        <pre style={{ transform: `translateY(${-top}px)` }}>
          {Array.from({ length: lines }, (_, index) => `${index + 1}`).join('\n')}
        </pre>
      </div>
      <div className="editor-text">
        {line !== null && <div className="editor-line tone-trouble" style={{ top: place(line) }} />}
        <textarea
          ref={area}
          aria-label={name}
          aria-invalid={trouble !== null}
          aria-describedby={describedBy}
          value={text}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onScroll={(event) => setTop(event.currentTarget.scrollTop)}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            onRun();
          }}
        />
        {line !== null && (
          <button
            type="button"
            className="editor-note tone-trouble"
            style={{ top: place(line + 1) }}
            onClick={() => goTo(line)}
          >
            {trouble?.message}
          </button>
        )}
      </div>
    </div>
  );
}
