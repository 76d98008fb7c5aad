import { showHidden, type SwitchPreview } from '@bangui/shared'
import Unlock from 'lucide-solid/icons/lock-open'
import { type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { LockOutNote } from '../../ui/lock-out-note.tsx'
import styles from './change-preview.module.css'
import { ChangedFiles, ChangePreview, Point, ReadOnlyNote, Remarks } from './change-preview.tsx'

/** What switching a jail would do: why it is refused, that it changes nothing, or the files, the bans and the warnings. */
export function PreviewView(props: { preview: SwitchPreview; applying: boolean }): JSX.Element {
  return (
    <ChangePreview preview={props.preview}>
      <Show
        when={props.preview.already}
        fallback={<Consequences preview={props.preview} applying={props.applying} />}
      >
        <p>
          {showHidden(props.preview.name)} is {props.preview.enabled ? 'on' : 'off'} already. There is nothing
          to do.
        </p>
      </Show>
    </ChangePreview>
  )
}

function Consequences(props: { preview: SwitchPreview; applying: boolean }): JSX.Element {
  const bansEnding = () => props.preview.bansEnding
  return (
    <>
      <ReadOnlyNote preview={props.preview} />
      <Remarks
        preview={props.preview}
        more={
          <Show when={bansEnding() > 0}>
            <Point tone="warning" icon={<Unlock aria-hidden="true" />}>
              <strong>{plural(bansEnding(), 'ban')}</strong> of this jail{' '}
              {bansEnding() === 1 ? 'ends' : 'end'} at once.
            </Point>
          </Show>
        }
      >
        {plural(props.preview.files.length, 'file')} {props.preview.files.length === 1 ? 'is' : 'are'}{' '}
        written, then only {showHidden(props.preview.name)} is {props.preview.enabled ? 'loaded' : 'stopped'}.
        No other jail is touched.
      </Remarks>
      <LockOutNote preview={props.preview} />
      <ChangedFiles files={props.preview.files} />
      <p class={styles['after']} role="status">
        {props.applying
          ? 'Writing the file and loading it. This can take a moment.'
          : 'BanGUI watches fail2ban for 60 seconds afterwards and offers a rollback if anything stops.'}
      </p>
    </>
  )
}
