import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useWorkbench } from '../model/hooks.ts';
import { type Shortcut, shortcuts } from '../model/shortcuts.ts';

const names: Readonly<Record<string, string>> = { ' ': 'Space', ArrowRight: '→', ArrowLeft: '←', Escape: 'Esc' };
const keyName = ({ key, shift }: Shortcut) => `${shift === true ? 'Shift ' : ''}${names[key] ?? key.toUpperCase()}`;

/** The keys, over the page. */
export function Help() {
  const workbench = useWorkbench();
  return (
    <ModalOverlay
      className="overlay"
      isDismissable
      isOpen={workbench.isHelpOpen}
      onOpenChange={(isOpen) => workbench.toggleHelp(isOpen)}
    >
      <Modal className="modal">
        <Dialog className="help">
          <Heading slot="title" className="dialog-title">
            Keys
          </Heading>
          <div className="help-groups">
            {(['Time', 'Views', 'Page'] as const).map((group) => (
              <section key={group}>
                <h3>{group}</h3>
                <dl>
                  {shortcuts
                    .filter((one) => one.group === group)
                    .map((one) => (
                      <div key={one.does}>
                        <dt>
                          <kbd>{keyName(one)}</kbd>
                        </dt>
                        <dd>{one.does}</dd>
                      </div>
                    ))}
                </dl>
              </section>
            ))}
          </div>
          <Button slot="close" className="button">
            Close
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
