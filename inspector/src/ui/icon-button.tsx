import { Button, type ButtonProps, Tooltip, TooltipTrigger } from 'react-aria-components';
import '../styles/tooltip.css';

interface IconButtonProps extends Omit<ButtonProps, 'className' | 'aria-label' | 'children'> {
  readonly name: string;
  /** What does the same: "Shift →". */
  readonly keys?: string;
  readonly children: React.ReactNode;
}

/** A button that is a picture only: its name, and its key, are shown to whoever points at it or comes by keyboard. */
export function IconButton({ name, keys, children, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={400}>
      <Button {...props} className="button quiet icon" aria-label={name}>
        {children}
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {name}
        {keys !== undefined && <kbd>{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
