import { type IgnoreStatus, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useCanChange } from '../../lib/permissions.ts'
import { Card } from '../../ui/card.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast } from '../../ui/toast.tsx'
import { showFailure } from '../../bans/show-failure.ts'
import styles from './allow-list.module.css'

type Jail = IgnoreStatus['jails'][number]

/** Whether each jail never bans the addresses of its own machine (`ignoreself`). */
export function OwnAddressesCard(props: { jails: readonly Jail[] }): JSX.Element {
  return (
    <Show when={props.jails.length > 0}>
      <Card
        title="This server’s own addresses"
        description="A jail that is on never bans an address of the server itself (ignoreself). A change reloads the jail."
      >
        <ul class={styles['switches']}>
          <For each={props.jails.map(({ jail }) => jail)}>
            {(name) => (
              <Show when={props.jails.find(({ jail }) => jail === name)}>
                {(jail) => <SelfSwitch jail={jail()} />}
              </Show>
            )}
          </For>
        </ul>
      </Card>
    </Show>
  )
}

function SelfSwitch(props: { jail: Jail }): JSX.Element {
  const api = useApi()
  const client = useQueryClient()
  const canChange = useCanChange('config.write')
  const [busy, setBusy] = createSignal(false)
  const set = async (self: boolean): Promise<void> => {
    const { jail } = props.jail
    setBusy(true)
    try {
      const { applied, output } = await api.ignores.setSelf.mutate({ jail, self })
      if (!applied)
        toast({
          tone: 'danger',
          title: `${showHidden(jail)} was not changed`,
          text: showHidden(output ?? ''),
        })
    } catch (error) {
      showFailure(`${showHidden(jail)} was not changed`, error, () => void set(self))
    } finally {
      await client.invalidateQueries({ queryKey: ['ignores'] })
      setBusy(false)
    }
  }
  return (
    <li>
      <Switch
        label={showHidden(props.jail.jail)}
        description={props.jail.running ? undefined : 'Not running'}
        checked={props.jail.self}
        busy={busy()}
        disabled={!canChange()}
        onChange={(self) => void set(self)}
      />
    </li>
  )
}
