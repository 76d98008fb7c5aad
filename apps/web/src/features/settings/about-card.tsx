import { type JSX, Show } from 'solid-js'
import { useLive } from '../../live/live-store.tsx'
import { Card } from '../../ui/card.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'

/** Versions and names. */
export function AboutCard(): JSX.Element {
  const live = useLive()
  return (
    <Card title="About">
      <Facts>
        <Fact term="BanGUI">{live.runtime?.version ?? __BANGUI_VERSION__}</Fact>
        <Fact term="This page">{__BANGUI_VERSION__}</Fact>
        <Fact term="fail2ban">{live.runtime?.serverStatus.version ?? 'unknown'}</Fact>
        <Fact term="Host">{live.runtime?.node ?? 'unknown'}</Fact>
        <Show when={live.runtime?.demo}>
          <Fact term="Demo">A private fail2ban with simulated attacks</Fact>
        </Show>
        <Fact term="License">MIT</Fact>
      </Facts>
    </Card>
  )
}
