import type { Origin } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { useLive } from '../live/live-store.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { OriginSelect } from '../stats/origin-select.tsx'
import { Select } from '../ui/select.tsx'
import styles from './bans-toolbar.module.css'

export type BansToolbarProps = {
  search: string
  /** '' for all jails; undefined: the jail is fixed */
  jail: string | undefined
  onSearch: (search: string) => void
  onJail: (jail: string) => void
  origin: Origin | undefined
  onOrigin: (origin: Origin | undefined) => void
  /** shown at the end of the line */
  children?: JSX.Element
}

/** The list is fetched after this pause in typing. */
const SEARCH_DELAY_MS = 150

/** The search field, which `/` focuses, and the choices of the jail and of who banned. */
export function BansToolbar(props: BansToolbarProps): JSX.Element {
  const live = useLive()
  const options = () => {
    const running = (live.jails ?? []).filter((jail) => jail.running).map(({ name }) => name)
    // a chosen jail stays chosen when it no longer exists
    const names = new Set([...running, props.jail ?? ''])
    names.delete('')
    return [{ value: '', label: 'All jails' }, ...[...names].map((name) => ({ value: name, label: name }))]
  }
  return (
    <div class={styles['toolbar']} role="search">
      <div class={styles['search']}>
        <SearchField
          label="Search bans"
          placeholder={'Address, network, country or note'}
          value={props.search}
          delayMs={SEARCH_DELAY_MS}
          onSearch={(search) => props.onSearch(search)}
        />
        <p class={styles['help']}>
          Try <code>203.0.113.</code> · <code>203.0.113.0/24</code> · <code>country:NL</code>
          <Show when={props.jail !== undefined}>
            {' '}
            · <code>jail:sshd</code>
          </Show>
        </p>
      </div>
      <Show when={props.jail !== undefined}>
        <div class={styles['jail']}>
          <Select
            label="Jail"
            hideLabel
            value={props.jail ?? ''}
            options={options()}
            onChange={(jail) => props.onJail(jail)}
          />
        </div>
      </Show>
      <div class={styles['jail']}>
        <OriginSelect value={props.origin} onChange={(origin) => props.onOrigin(origin)} />
      </div>
      {props.children}
    </div>
  )
}
