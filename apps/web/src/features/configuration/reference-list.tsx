import { showHidden, splitReferences } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { Link } from '../../ui/link.tsx'
import { hrefOf } from './config-part.ts'
import { shownValue } from './field-context.ts'
import styles from './fields.module.css'
import { readReference } from './reference-parameters.ts'

/** Filters or actions as a jail names them: each with a link to its page, and its parameters. */
export function ReferenceList(props: { kind: 'filter' | 'action'; value: string }): JSX.Element {
  return (
    <ul class={styles['references']}>
      <For each={splitReferences(props.value).map((text) => text.trim())}>
        {(text) => (
          <li class={styles['reference']}>
            <Show
              when={readReference(text)}
              fallback={<code class={styles['code']}>{showHidden(text)}</code>}
            >
              {(reference) => (
                <>
                  <Link href={hrefOf({ kind: props.kind, name: reference().name })}>
                    {showHidden(reference().name)}
                  </Link>
                  <For each={[...reference().parameters]}>
                    {([key, value]) => (
                      <span class={styles['parameter']}>
                        {showHidden(key)} = {shownValue(value)}
                      </span>
                    )}
                  </For>
                </>
              )}
            </Show>
          </li>
        )}
      </For>
    </ul>
  )
}
