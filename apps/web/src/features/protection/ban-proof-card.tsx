import { createSignal, type JSX, Show } from 'solid-js'
import { BanProofView } from '../../bans/ban-proof.tsx'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './protection-page.module.css'

/** The active proof beside the checks, which only look: a ban is made to see whether it blocks. */
export function BanProofCard(props: { jail: string | undefined }): JSX.Element {
  const live = useLive()
  const canBan = useCanChange('bans.write')
  const [chosen, setChosen] = createSignal<string>()
  const running = () => (live.jails ?? []).flatMap((found) => (found.running ? [found.name] : []))
  const jail = () =>
    [chosen(), props.jail, ...running()].find((name) => name !== undefined && running().includes(name))
  return (
    <Show when={canBan() && jail()}>
      {(name) => (
        <Card title="Does the ban block?">
          <div class={styles['proof']}>
            <Select
              label="Jail"
              value={name()}
              options={running().map((value) => ({ value, label: value }))}
              onChange={setChosen}
            />
            <BanProofView jail={name()} />
          </div>
        </Card>
      )}
    </Show>
  )
}
