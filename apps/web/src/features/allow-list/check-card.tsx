import { type IgnoreCheck, parseAddress, showHidden } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './allow-list.module.css'
import { ignoreQueries } from './queries.ts'

/** Answers whether an address would be banned, and by which jails. */
export function CheckCard(): JSX.Element {
  const [text, setText] = createSignal('')
  const [asked, setAsked] = createSignal<string>()
  const [isWrong, setWrong] = createSignal(false)
  const ask = () => {
    const address = parseAddress(text().trim())
    setWrong(address === undefined)
    setAsked(address?.text)
  }
  return (
    <Card
      title="Would it be banned?"
      description="Which jails would ban an address after enough failed attempts, and why."
    >
      <form
        class={`${styles['withButton']} ${styles['check']}`}
        onSubmit={(event) => {
          event.preventDefault()
          ask()
        }}
      >
        <TextField
          label="Address"
          hideLabel
          placeholder="203.0.113.9"
          mono
          value={text()}
          onChange={(value) => {
            setText(value)
            setWrong(false)
          }}
          error={isWrong() ? 'Enter an address or a network.' : undefined}
        />
        <Button type="submit">Check</Button>
      </form>
      <Show when={asked()} keyed>
        {(address) => <Answer address={address} />}
      </Show>
    </Card>
  )
}

function Answer(props: { address: string }): JSX.Element {
  const api = useApi()
  const check = useQuery(() => ignoreQueries.check(api, props.address))
  return (
    <div class={styles['answer']} aria-live="polite">
      <Loaded query={check} what="The answer" fallback={<Skeleton lines={3} height="20px" />}>
        {(data) => (
          <>
            <p class={styles['summary']}>{summaryOf(data())}</p>
            <ul class={styles['checks']}>
              <For each={data().jails}>
                {(each) => (
                  <li>
                    <span class={styles['jail']}>
                      <StatusDot tone={toneOf(each)} label={wordOf(each)} />
                      <strong>{showHidden(each.jail)}</strong>
                    </span>
                    <span class={styles['reason']}>{showHidden(each.reason)}</span>
                  </li>
                )}
              </For>
            </ul>
          </>
        )}
      </Loaded>
    </div>
  )
}

type JailCheck = IgnoreCheck['jails'][number]

const toneOf = ({ wouldBan, certain }: JailCheck) => (!wouldBan ? 'ok' : certain ? 'warning' : 'neutral')

const wordOf = ({ wouldBan, certain }: JailCheck) => (!wouldBan ? 'No' : certain ? 'Yes' : 'Cannot tell')

/** Returns the answer in a sentence. */
export function summaryOf({ address, jails }: IgnoreCheck): string {
  const banning = jails.filter(({ wouldBan, certain }) => wouldBan && certain).length
  const unsure = jails.filter(({ wouldBan, certain }) => wouldBan && !certain).length
  if (banning > 0) return `${address} would be banned by ${plural(banning, 'jail')}.`
  if (unsure > 0) return `BanGUI cannot tell whether ${plural(unsure, 'jail')} would ban ${address}.`
  return `No jail would ban ${address}.`
}
