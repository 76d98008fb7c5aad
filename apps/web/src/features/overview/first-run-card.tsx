import { type Jail, showHidden } from '@bangui/shared'
import { createMemo, createSignal, type JSX, Show } from 'solid-js'
import { BanProofView } from '../../bans/ban-proof.tsx'
import { formatList, plural } from '../../lib/format.ts'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './first-run-card.module.css'

/** More are only counted. */
const MAX_NAMED = 3

/** Says what is watched while nobody has been banned yet, and offers to test a ban. */
export function FirstRunCard(): JSX.Element {
  const live = useLive()
  const watching = createMemo(() => (live.jails ?? []).filter((jail) => jail.running && !jail.idle))
  const [chosen, setChosen] = createSignal<string>()
  const jail = () => watching().find(({ name }) => name === chosen())?.name ?? watching()[0]?.name
  return (
    <Card title="Nobody has been banned yet">
      <div class={styles['body']}>
        <p>
          {describeWatched(watching())} Bans appear here as soon as an address fails too often. Try a ban now
          to see whether bans block.
        </p>
        <Show when={jail()}>
          {(name) => (
            <>
              <Show when={watching().length > 1}>
                <div class={styles['choice']}>
                  <Select
                    label="Jail"
                    value={name()}
                    options={watching().map((each) => ({ value: each.name, label: each.name }))}
                    onChange={setChosen}
                  />
                </div>
              </Show>
              <BanProofView jail={name()} />
            </>
          )}
        </Show>
      </div>
    </Card>
  )
}

/** Returns what the jails watch: "2 jails are watching: sshd (/var/log/auth.log) and nginx (the journal)." */
function describeWatched(jails: readonly Jail[]): string {
  if (jails.length === 0) return 'No jail is running.'
  const named = jails.slice(0, MAX_NAMED).map(({ name, logPaths }) => {
    const [first, ...others] = logPaths.map(showHidden)
    const log =
      first === undefined
        ? 'the journal'
        : others.length > 0
          ? `${first} and ${plural(others.length, 'other log')}`
          : first
    return `${showHidden(name)} (${log})`
  })
  const rest = jails.length - named.length
  const list = formatList([...named, ...(rest > 0 ? [`${rest} more`] : [])])
  return `${plural(jails.length, 'jail')} ${jails.length === 1 ? 'is' : 'are'} watching: ${list}.`
}
