import { useState } from 'react';
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

/** Text with line numbers, and a mark at the line where something is wrong; what it is stands elsewhere. */
export function Editor({ name, text, trouble, describedBy, onChange, onRun }: EditorProps) {
  const [top, setTop] = useState(0);
  const lines = text.split('\n').length;
  const line = trouble?.line ?? null;
  return (
    <div className="editor">
      <div className="editor-numbers" aria-hidden="true">
        <pre style={{ transform: `translateY(${-top}px)` }}>
          {Array.from({ length: lines }, (_, index) => `${index + 1}`).join('\n')}
        </pre>
      </div>
      <div className="editor-text">
        {line !== null && (
          <div className="editor-line tone-trouble" style={{ top: padding + (line - 1) * lineHeight - top }} />
        )}
        <textarea
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
      </div>
    </div>
  );
}
