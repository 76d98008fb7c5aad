import PanelRightClose from 'lucide-solid/icons/panel-right-close'
import type { JSX } from 'solid-js'
import { IconButton } from '../../ui/icon-button.tsx'
import { type DraftBarProps, DraftButtons } from './draft-bar.tsx'
import styles from './draft-panel.module.css'
import { DraftStatus } from './draft-status.tsx'
import { DraftView } from './draft-view.tsx'

/** The draft as a column beside the page. */
export function DraftPanel(props: DraftBarProps): JSX.Element {
  return (
    <aside
      class={styles['panel']}
      aria-label="Draft"
      // a page that reloads itself would lose what is not saved
      data-undoable={props.draft.store.isSafe() ? undefined : ''}
    >
      <header class={styles['header']}>
        <h2>Draft</h2>
        <IconButton
          size="sm"
          label="Hide the draft"
          icon={<PanelRightClose />}
          onClick={() => props.places.hide()}
        />
      </header>
      <div class={styles['scroll']}>
        <DraftStatus draft={props.draft} />
        <DraftView draft={props.draft} configDir={props.configDir} />
      </div>
      <footer class={styles['footer']}>
        <DraftButtons draft={props.draft} places={props.places} />
      </footer>
    </aside>
  )
}
