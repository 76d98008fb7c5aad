import { type ChangeResult, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { Banner } from '../../ui/banner.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import styles from './change-preview.module.css'

/** A change that fail2ban refused when it was loaded, and that was undone automatically. */
export function UndoneView(props: { result: ChangeResult; name: string }): JSX.Element {
  return (
    <div class={styles['preview']}>
      <Banner tone="danger" role="alert" title="fail2ban refused the change when it was loaded.">
        The files were put back and loaded again. {showHidden(props.name)} is unchanged.
      </Banner>
      <Show when={props.result.output}>
        {(output) => <CodeBlock label="Output of fail2ban" code={output()} />}
      </Show>
    </div>
  )
}
