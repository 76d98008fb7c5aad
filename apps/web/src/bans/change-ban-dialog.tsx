import { For, type JSX, Show } from 'solid-js'
import { QueryProvider } from '../api/query-provider.tsx'
import { formatExact } from '../lib/format.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { SegmentedControl } from '../ui/segmented-control.tsx'
import { TextField } from '../ui/text-field.tsx'
import { endOf } from './ban-end.ts'
import styles from './ban-dialog.module.css'
import type { ChangeableBan } from './changeable-ban.ts'
import { type BanChange, createBanChange, type End } from './create-ban-change.ts'
import { ownTimeZone } from '../lib/time-zone.ts'
import { ManualJailOffer } from './manual-jail-offer.tsx'

type ChangeBanProps = { ban: ChangeableBan; onClose: () => void }

/** Changes when a ban ends, and what is noted about it. */
export function ChangeBanDialog(props: ChangeBanProps): JSX.Element {
  return (
    <QueryProvider>
      <ChangeBan {...props} />
    </QueryProvider>
  )
}

function ChangeBan(props: ChangeBanProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the dialog is made anew for each ban
  const change = createBanChange(props.ban, () => props.onClose())
  const ends = () => endOf(props.ban)
  return (
    <Dialog
      open
      locked={change.busy()}
      onOpenChange={() => props.onClose()}
      title={`Change the ban of ${props.ban.address}`}
      description={`${props.ban.jail}: ${ends() === null ? 'banned permanently' : `ends ${formatExact(ends() ?? 0)}`}.`}
      footer={
        <>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button
            variant="primary"
            loading={change.busy()}
            disabled={!change.canSend()}
            onClick={() => void change.send()}
          >
            Change ban
          </Button>
        </>
      }
    >
      <div class={styles['form']}>
        <EndField change={change} />
        <TextField
          label="Reason"
          description="A note for everybody, stored only in BanGUI."
          value={change.reason()}
          onChange={change.setReason}
        />
        <Show when={change.problem()}>
          {(found) => (
            <Show
              when={found().reason === 'manual_jail_missing'}
              fallback={
                <Banner tone="danger" role="alert" title="The ban was not changed.">
                  {found().message}
                </Banner>
              }
            >
              <ManualJailOffer onDone={change.forgetProblem} />
            </Show>
          )}
        </Show>
      </div>
    </Dialog>
  )
}

const HOUR_MS = 3_600_000

const lengths = [
  { label: 'In 1 hour', milliseconds: HOUR_MS },
  { label: 'In 1 day', milliseconds: 24 * HOUR_MS },
  { label: 'In 7 days', milliseconds: 7 * 24 * HOUR_MS },
  { label: 'In 30 days', milliseconds: 30 * 24 * HOUR_MS },
]

function EndField(props: { change: BanChange }): JSX.Element {
  return (
    <div class={styles['ends']}>
      <span class={styles['label']} aria-hidden="true">
        Ends
      </span>
      <SegmentedControl<End>
        label="Ends"
        value={props.change.end()}
        segments={[
          { value: 'same', label: 'As it is' },
          { value: 'date', label: 'On a date' },
          { value: 'never', label: 'Never' },
        ]}
        onChange={props.change.setEnd}
      />
      <div class={styles['soon']}>
        <For each={lengths}>
          {({ label, milliseconds }) => (
            <Button size="sm" onClick={() => props.change.endAfter(milliseconds)}>
              {label}
            </Button>
          )}
        </For>
      </div>
      <Show when={props.change.end() === 'date'}>
        <TextField
          label="Until"
          description={`Time zone: ${ownTimeZone()}`}
          type="datetime-local"
          value={props.change.date()}
          error={props.change.wrongDate()}
          onChange={props.change.setDate}
        />
      </Show>
      <Show when={props.change.isLonger()}>
        <p class={styles['hint']}>
          fail2ban keeps the ban no longer than its jail does, so the rest is a second ban in the jail bangui.
        </p>
      </Show>
    </div>
  )
}
