import { type EffectiveSetting, showHidden } from '@bangui/shared'
import type { RouterOutputs } from '@bangui/server/router'
import { For, type JSX, Show } from 'solid-js'
import { formatNumber, plural } from '../../lib/format.ts'
import { Link } from '../../ui/link.tsx'
import { settingHref } from './config-part.ts'
import styles from './setting-row.module.css'

export type ReachNoteProps = {
  setting: EffectiveSetting
  /** undefined: not known */
  jails: RouterOutputs['config']['jails'] | undefined
}

const MAX_NAMES = 12

/** Which jails a value of `[DEFAULT]` reaches, and which have one of their own. */
export function ReachNote(props: ReachNoteProps): JSX.Element {
  const own = () => new Set(props.setting.ownIn ?? [])
  const enabled = () => props.jails?.filter((jail) => jail.enabled) ?? []
  const reached = () => enabled().filter(({ name }) => !own().has(name)).length
  const overriding = () => enabled().filter(({ name }) => own().has(name))
  const disabled = () => props.jails?.filter((jail) => !jail.enabled && own().has(jail.name)).length ?? 0
  return (
    <Show when={props.jails && props.setting.ownIn}>
      <p class={styles['reach']}>
        {enabled().length === 0
          ? 'No jail is enabled. '
          : `Applies to ${formatNumber(reached())} of ${plural(enabled().length, 'enabled jail')}. `}
        <Show when={overriding().length > 0}>
          Overridden in{' '}
          <For each={overriding().slice(0, MAX_NAMES)}>
            {({ name }, index) => (
              <>
                {index() > 0 ? ', ' : ''}
                <Link href={settingHref({ kind: 'jail', name }, { section: name, key: props.setting.key })}>
                  {showHidden(name)}
                </Link>
              </>
            )}
          </For>
          {overriding().length > MAX_NAMES ? ` and ${overriding().length - MAX_NAMES} more. ` : '. '}
        </Show>
        <Show
          when={disabled() > 0}
        >{`${plural(disabled(), 'disabled jail')} ${disabled() === 1 ? 'overrides' : 'override'} it too.`}</Show>
      </p>
    </Show>
  )
}
