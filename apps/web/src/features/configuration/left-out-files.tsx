import { type LeftOutFile, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { Disclosure } from '../../ui/disclosure.tsx'
import styles from './config-backup.module.css'

/** Files that are left out, each with the reason. Empty where there are none. */
export function LeftOutFiles(props: { files: readonly LeftOutFile[]; label: string }): JSX.Element {
  return (
    <Show when={props.files.length > 0}>
      <Disclosure label={props.label} note={props.files.length}>
        <ul class={styles['list']}>
          <For each={props.files}>
            {({ path, why }) => (
              <li>
                <code>{showHidden(path)}</code> <span class={styles['why']}>{showHidden(why)}</span>
              </li>
            )}
          </For>
        </ul>
      </Disclosure>
    </Show>
  )
}
