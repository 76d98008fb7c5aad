import { showHidden } from '@bangui/shared'
import type { RouterOutputs } from '@bangui/server/router'
import { For, type JSX, Show } from 'solid-js'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { Link } from '../../ui/link.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ConfigBackupCard } from './config-backup.tsx'
import { hrefOf } from './config-part.ts'
import styles from './configuration-page.module.css'
import { PlaceLink } from './place-link.tsx'
import type { Draft } from './draft.ts'
import { isOwn } from './tree-items.ts'
import { UpgradeFilesCard } from './upgrade-files.tsx'

export type ConfigStartProps = {
  /** undefined: not known yet */
  files: RouterOutputs['config']['files']['files'] | undefined
  configDir: string | undefined
  /** undefined: nothing can be changed */
  draft: Draft | undefined
}

/** What is worth a look first: own files, and possible mistakes. */
export function ConfigStart(props: ConfigStartProps): JSX.Element {
  return (
    <div class={styles['start']}>
      <Mistakes configDir={props.configDir} />
      <Card
        title="Your own files"
        description="They take precedence over jail.conf and the other files that come with fail2ban."
      >
        <Show when={props.files} fallback={<Skeleton lines={3} height="18px" />}>
          {(files) => (
            <ul class={styles['files']}>
              <For
                each={files().filter(({ path }) => isOwn(path))}
                fallback={<li class={styles['quiet']}>None: everything is as installed.</li>}
              >
                {({ path }) => (
                  <li>
                    <Link href={hrefOf({ kind: 'file', name: path })}>{showHidden(path)}</Link>
                  </li>
                )}
              </For>
            </ul>
          )}
        </Show>
      </Card>
      <UpgradeFilesCard />
      <ConfigBackupCard draft={props.draft} />
      <Card title="How fail2ban reads its files">
        <ol class={styles['order']}>
          <li>
            <code>jail.conf</code>, which updates of fail2ban replace
          </li>
          <li>
            <code>jail.d/*.conf</code>, in alphabetical order
          </li>
          <li>
            <code>jail.local</code>
          </li>
          <li>
            <code>jail.d/*.local</code>, in alphabetical order
          </li>
        </ol>
        <p class={styles['quiet']}>
          Options in a later file override the same options in an earlier file. Options in a jail’s own
          section override those in [DEFAULT], whichever file they are in. fail2ban.conf, filters and actions
          are read in the same order.
        </p>
      </Card>
    </div>
  )
}

function Mistakes(props: { configDir: string | undefined }): JSX.Element {
  const live = useLive()
  const notices = () => live.runtime?.configNotices ?? []
  return (
    <Show when={notices().length > 0}>
      <Card title="Possible mistakes">
        <ul class={styles['files']}>
          <For each={notices()}>
            {({ file, line, message }) => (
              <li class={styles['mistake']}>
                <span>{showHidden(message ?? 'fail2ban would refuse this configuration.')}</span>
                <Show when={file}>
                  {(path) => <PlaceLink file={path()} line={line} configDir={props.configDir} />}
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Card>
    </Show>
  )
}
