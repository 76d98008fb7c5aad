import { DAY_SECONDS, type EffectiveSetting, parseDuration } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { formatSpan } from '../../lib/format.ts'
import { Link } from '../../ui/link.tsx'
import { settingHref } from './config-part.ts'
import { isYesWord } from './group-settings.ts'
import { configQueries } from './queries.ts'
import styles from './setting-row.module.css'

/** As in the protection check `purge-too-short`. */
const MIN_AGE_SECONDS = 7 * DAY_SECONDS

const valueIn = (settings: readonly EffectiveSetting[] | undefined, key: string) =>
  settings?.find((setting) => setting.key === key && !setting.hidden)?.value ?? ''

/** Warns where fail2ban forgets bans before longer bans for repeat offenders can use them. */
export function PurgeNote(props: {
  /** the value of `dbpurgeage`; undefined: as the files have it */
  age?: string
  /** whether longer bans are on; undefined: as `[DEFAULT]` has it */
  increment?: boolean
}): JSX.Element {
  const api = useApi()
  const daemon = useQuery(() => configQueries.effective(api, { kind: 'fail2ban' }))
  const defaults = useQuery(() => configQueries.effective(api, { kind: 'default' }))
  const isOn = () => props.increment ?? isYesWord(valueIn(defaults.data, 'bantime.increment'))
  const seconds = () => parseDuration(props.age ?? valueIn(daemon.data, 'dbpurgeage'))
  const tooShort = () => {
    const age = seconds()
    return isOn() && age !== undefined && age >= 0 && age < MIN_AGE_SECONDS ? age : undefined
  }
  return (
    <Show when={tooShort() !== undefined}>
      <p class={styles['warning']}>
        <Link href={settingHref({ kind: 'fail2ban' }, { section: 'Definition', key: 'dbpurgeage' })}>
          Bans are kept for
        </Link>{' '}
        {formatSpan(tooShort() ?? 0)}, which is too short for longer bans of repeat offenders: an address that
        stays away for that long and three times its last ban starts again with the shortest ban.
      </p>
    </Show>
  )
}
