import { type Ban, parseSearch } from '@bangui/shared'
import { createMemo, For, type JSX, Show } from 'solid-js'
import { formatList } from '../lib/format.ts'
import { useCanChange } from '../lib/permissions.ts'
import { AsyncButton } from '../ui/async-button.tsx'
import { Banner } from '../ui/banner.tsx'
import { useBanActions } from './ban-actions.ts'
import styles from './cover-note.module.css'
import { describeCover, isHolder } from './cover-words.ts'

/** Says that networks in the list ban the address in the search, if it has no ban of its own. */
export function CoverNote(props: { search: string; rows: readonly Ban[] }): JSX.Element {
  const actions = useBanActions()
  const canBan = useCanChange('bans.write')
  const address = createMemo(() => parseSearch(props.search).address?.text)
  const holders = createMemo(() => {
    const text = address()
    if (text === undefined || props.rows.some((ban) => !isHolder(ban, text))) return []
    return props.rows
  })
  const networks = () => [...new Set(holders().map((ban) => ban.address))]
  const sentence = (by: Ban) => {
    const words = describeCover({ address: by.address, by })
    return `${by.address} is ${words}.`
  }
  return (
    <Show when={holders().length > 0}>
      <div class={styles['note']}>
        <Banner
          tone="danger"
          title={`${address()} is covered by the ban on ${formatList(networks())}.`}
          actions={
            <Show when={canBan()}>
              <AsyncButton size="sm" onPress={() => actions.unban(holders())}>
                {networks().length === 1 ? `Unban ${networks()[0]}` : 'Unban these networks'}
              </AsyncButton>
            </Show>
          }
        >
          <For each={holders()}>{(by) => <p>{sentence(by)}</p>}</For>
        </Banner>
      </div>
    </Show>
  )
}
