import { showHidden, type UpgradeFile } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useCan } from '../../lib/permissions.ts'
import { Card } from '../../ui/card.tsx'
import { DiffView } from '../../ui/diff-view.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import styles from './config-backup.module.css'
import { configQueries } from './queries.ts'

/** The files that upgrades left beside those of the configuration, with their differences. Empty where there are none. */
export function UpgradeFilesCard(): JSX.Element {
  const api = useApi()
  const maySee = useCan('secrets.read')
  const files = useQuery(() => ({ ...configQueries.upgradeFiles(api), enabled: maySee() }))
  return (
    <Show when={(files.data ?? []).length > 0}>
      <Card
        title="Files left by upgrades"
        description="Where somebody changed a file of a package, an upgrade leaves the new version or the former version beside that file. fail2ban does not read these files, and BanGUI does not remove them."
      >
        <For each={files.data}>{(file) => <Left file={file} />}</For>
      </Card>
    </Show>
  )
}

function Left(props: { file: UpgradeFile }): JSX.Element {
  const of = () => showHidden(props.file.of)
  const isOffered = () => props.file.kind === 'offered'
  return (
    <Disclosure label={props.file.path} note={isOffered() ? 'version of the package' : 'former version'}>
      <Show
        when={props.file.problem === null}
        fallback={<p class={styles['quiet']}>Cannot compare: {showHidden(props.file.problem ?? '')}</p>}
      >
        <Show
          when={props.file.diff !== ''}
          fallback={<p class={styles['quiet']}>This file is the same as {of()}.</p>}
        >
          <p class={styles['quiet']}>
            <Show
              when={props.file.isThere}
              fallback={`${props.file.of} does not exist, so fail2ban reads neither file.`}
            >
              {isOffered()
                ? `The version of the package would change ${props.file.of} as follows. To use a part of it, change the settings here or edit a .local file.`
                : `${props.file.of} has changed as follows since the former version.`}
            </Show>
          </p>
          <DiffView path={props.file.of} diff={props.file.diff ?? ''} />
        </Show>
      </Show>
    </Disclosure>
  )
}
