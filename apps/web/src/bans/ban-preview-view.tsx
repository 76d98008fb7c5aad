import { type BanPreview, type Covered, isForceable, type RefusedAddress, showHidden } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { formatNumber, formatSpan, plural } from '../lib/format.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import styles from './ban-dialog.module.css'
import { describeKeptEnds } from './ban-toasts.ts'
import { describeCover } from './cover-words.ts'

/** Up to this many refusals are listed at first; more are counted by their reason and listed step by step. */
const FIRST_SHOWN = 50
const SHOW_MORE_STEP = 500

export type BanPreviewViewProps = {
  preview: BanPreview
  force: boolean
  onForce: (force: boolean) => void
}

/** Shows what will be banned, what will not and why, and offers to ban refused addresses anyway. */
export function BanPreviewView(props: BanPreviewViewProps): JSX.Element {
  const lasts = () =>
    props.preview.duration < 0 ? 'permanently' : `for ${formatSpan(props.preview.duration)}`
  const forceable = () => props.preview.refused.filter(({ reason }) => isForceable(reason))
  return (
    <div class={styles['preview']}>
      <p class={styles['summary']} role="status">
        <Show when={props.preview.wouldBan > 0} fallback="None of these addresses would be banned.">
          <strong>{plural(props.preview.wouldBan, 'address', 'addresses')}</strong> will be banned in{' '}
          <strong>{showHidden(props.preview.jail)}</strong> {lasts()}.
        </Show>
        <Show when={props.preview.already > 0}> {formatNumber(props.preview.already)} already banned.</Show>
        <Show when={props.preview.keepsEnd}>{(count) => <> {describeKeptEnds(count())}</>}</Show>
        <Show when={props.preview.endedByBangui}> BanGUI ends the ban itself, before the jail would.</Show>
      </p>
      <Show when={props.preview.covered}>{(covered) => <CoveredList covered={covered()} />}</Show>
      <For each={props.preview.warnings}>
        {(warning) => <Banner tone="warning" title={showHidden(warning)} />}
      </For>
      <Show when={props.preview.refused.length > 0}>
        <Refusals refused={props.preview.refused} />
      </Show>
      <Show when={forceable().length > 0 || props.force}>
        <Checkbox label="Ban these anyway" checked={props.force} onChange={(force) => props.onForce(force)} />
      </Show>
      <Show when={props.force}>
        <Banner tone="danger" role="alert" title="You may lock yourself out.">
          BanGUI no longer checks these addresses, not even for your own address or this server.
        </Banner>
      </Show>
    </div>
  )
}

/** Further covered addresses are only counted. */
const MAX_COVERED_SHOWN = 5

function CoveredList(props: { covered: Covered }): JSX.Element {
  const shown = () => props.covered.some.slice(0, MAX_COVERED_SHOWN)
  const more = () => props.covered.count - new Set(shown().map(({ address }) => address)).size
  return (
    <div class={styles['refused']} role="note">
      <p>
        {plural(props.covered.count, 'address is', 'addresses are')} already covered by another ban. fail2ban
        will still ban {props.covered.count === 1 ? 'it' : 'them'}:
      </p>
      <ul>
        <For each={shown()}>
          {(each) => (
            <li>
              <code>{showHidden(each.address)}</code> is {describeCover(each)}
            </li>
          )}
        </For>
        <Show when={more() > 0}>
          <li>and {formatNumber(more())} more</li>
        </Show>
      </ul>
    </div>
  )
}

function Refusals(props: { refused: readonly RefusedAddress[] }): JSX.Element {
  const [shown, setShown] = createSignal(FIRST_SHOWN)
  const hidden = () => Math.max(0, props.refused.length - shown())
  return (
    <div class={styles['refused']} role="region" aria-label="What is not banned" tabindex="0">
      <p>{plural(props.refused.length, 'entry', 'entries')} will not be banned:</p>
      <Show when={props.refused.length > FIRST_SHOWN}>
        <For each={countReasons(props.refused)}>
          {([message, count]) => (
            <p>
              <strong>{formatNumber(count)}</strong> {showHidden(message)}
            </p>
          )}
        </For>
      </Show>
      <ul>
        <For each={props.refused.slice(0, shown())}>
          {(each) => (
            <li>
              <code>{showHidden(each.address)}</code> <span>{showHidden(each.message)}</span>
            </li>
          )}
        </For>
      </ul>
      <Show when={hidden() > 0}>
        <Button size="sm" variant="ghost" onClick={() => setShown(shown() + SHOW_MORE_STEP)}>
          Show {formatNumber(Math.min(SHOW_MORE_STEP, hidden()))} more
        </Button>
      </Show>
    </div>
  )
}

/** Returns how many entries are refused for each reason, the most frequent first. */
function countReasons(refused: readonly RefusedAddress[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const { message } of refused) counts.set(message, (counts.get(message) ?? 0) + 1)
  return [...counts].toSorted(([, one], [, other]) => other - one)
}
