import { type BlocklistPreview, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { formatNumber, plural } from '../../lib/format.ts'
import { Banner } from '../../ui/banner.tsx'
import styles from './blocklists.module.css'
import { describeSkipped, roughly } from './list-words.ts'

/** What the import of a list would do. */
export function ListPreviewView(props: { preview: BlocklistPreview }): JSX.Element {
  const preview = () => props.preview
  const skipped = () => describeSkipped(preview().skipped)
  const networks = () => preview().networks
  return (
    <section class={styles['preview']} aria-label="Preview" aria-live="polite">
      <p>
        <strong>{showHidden(preview().look.words)}</strong> {plural(preview().lines, 'line')},{' '}
        {plural(preview().entries, 'different entry', 'different entries')}.
      </p>
      <dl class={styles['counts']}>
        <Count term="Would be banned" count={preview().wouldBan} />
        <Count term="Banned already" count={preview().already} />
        <Count term="Invalid lines" count={preview().invalid} />
        <Count term="Duplicates" count={preview().duplicates} />
      </dl>
      <Show when={skipped().length > 0}>
        <p>Skipped: {skipped().join(' · ')}.</p>
      </Show>
      <Show when={networks().count > 0}>
        <p>
          {plural(networks().count, 'network')} of them cover {formatNumber(networks().ipv4Addresses)} IPv4
          addresses
          <Show when={networks().ipv6Count > 0}> and {plural(networks().ipv6Count, 'IPv6 network')}</Show>.
        </p>
      </Show>
      <Show when={preview().cost} fallback={<p>What a ban costs in this jail was not measured yet.</p>}>
        {(cost) => (
          <p>
            A ban takes {formatNumber(Math.round(cost().millisecondsPerBan * 10) / 10)} ms in this jail
            <Show when={preview().seconds}>
              {(seconds) => <>{`: the import takes ${roughly(seconds())}`}</>}
            </Show>
            <Show when={preview().restartSeconds}>
              {(seconds) => <>{`, a restart of fail2ban ${roughly(seconds())} more`}</>}
            </Show>
            .
          </p>
        )}
      </Show>
      <Samples term="New, for example" values={preview().samples.new} />
      <Samples
        term="Invalid, for example"
        values={preview().samples.invalid.map(({ line, text }) => `line ${line}: ${text}`)}
      />
      <Samples
        term="Skipped, for example"
        values={preview().samples.skipped.map(({ address, message }) => `${address} (${message})`)}
      />
      <For each={preview().warnings}>
        {({ message }) => <Banner tone="warning" role="note" title={showHidden(message)} />}
      </For>
    </section>
  )
}

function Count(props: { term: string; count: number }): JSX.Element {
  return (
    <div>
      <dt>{props.term}</dt>
      <dd>{formatNumber(props.count)}</dd>
    </div>
  )
}

function Samples(props: { term: string; values: readonly string[] }): JSX.Element {
  return (
    <Show when={props.values.length > 0}>
      <div>
        <p>{props.term}:</p>
        <p class={styles['samples']}>{showHidden(props.values.slice(0, 8).join(', '))}</p>
      </div>
    </Show>
  )
}
