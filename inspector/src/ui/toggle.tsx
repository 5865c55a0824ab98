import { Check, type LucideIcon, Table2 } from 'lucide-react';
import '../styles/toggle.css';

interface ToggleProps {
  readonly isOn: boolean;
  readonly icon: LucideIcon;
  readonly children: React.ReactNode;
  onChange(isOn: boolean): void;
}

/** Something about what is shown that is on or off. */
export function Toggle({ isOn, icon: Icon, children, onChange }: ToggleProps) {
  const Shown = isOn ? Check : Icon;
  return (
    <button type="button" className="button toggle" aria-pressed={isOn} onClick={() => onChange(!isOn)}>
      <Shown size={16} aria-hidden /> <span>{children}</span>
    </button>
  );
}

/** The same as the picture, to read; it stands at the end of its bar. */
export function TableToggle({ isOn, onChange }: Pick<ToggleProps, 'isOn' | 'onChange'>) {
  return (
    <span className="table-toggle">
      <Toggle isOn={isOn} onChange={onChange} icon={Table2}>
        Table
      </Toggle>
    </span>
  );
}
