import type { Blocklist, HeldVersion as Held } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { formatNumber } from '../../lib/format.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Banner } from '../../ui/banner.tsx'
import type { ListVerbs } from './list-verbs.ts'

/** A version that is suspiciously small or large, with the difference, and what to do about it. */
export function HeldVersion(props: { list: Blocklist; held: Held; verbs: ListVerbs }): JSX.Element {
  const canImport = useCanChange('blocklists.import')
  const share = () =>
    props.held.formerEntries === 0 ? null : Math.round((props.held.entries / props.held.formerEntries) * 100)
  return (
    <Banner
      tone="warning"
      role="note"
      title="A new version is held back until you decide."
      actions={
        <Show when={canImport()}>
          <AsyncButton size="sm" onPress={() => props.verbs.cancel(props.list)}>
            Keep the old version
          </AsyncButton>
          <AsyncButton size="sm" variant="primary" onPress={() => props.verbs.confirm(props.list)}>
            Import anyway
          </AsyncButton>
        </Show>
      }
    >
      It has {formatNumber(props.held.entries)} entries; the version in force has{' '}
      {formatNumber(props.held.formerEntries)}
      <Show when={share()}>{(percent) => <>{` (${formatNumber(percent())} % of it)`}</>}</Show>. A list that
      changes so much at once may be broken or taken over.
    </Banner>
  )
}
