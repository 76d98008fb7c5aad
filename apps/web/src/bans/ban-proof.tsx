import { type BanProof, type BanProofOutcome, type FamilyProof, showHidden } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../api/api-context.tsx'
import { describeError } from '../api/errors.ts'
import { describeActivity } from '../lib/activity.ts'
import { createOperationId } from '../lib/operation-id.ts'
import { useCanChange } from '../lib/permissions.ts'
import { useLive } from '../live/live-store.tsx'
import { Badge } from '../ui/badge.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import type { Tone } from '../ui/tone.ts'
import styles from './ban-proof.module.css'

const titles: Record<BanProofOutcome, (jail: string) => string> = {
  blocked: (jail) => `Bans of ${jail} block.`,
  not_blocked: (jail) => `Bans of ${jail} do not block.`,
  unknown: (jail) => `BanGUI cannot tell whether bans of ${jail} block.`,
}
const tones: Record<BanProofOutcome, Tone> = { blocked: 'ok', not_blocked: 'danger', unknown: 'warning' }
const words: Record<BanProofOutcome, string> = {
  blocked: 'Blocked',
  not_blocked: 'Not blocked',
  unknown: 'Cannot tell',
}

/** Bans an address that nobody uses in a jail, and shows whether the firewall blocked it. Empty for users who cannot ban. */
export function BanProofView(props: { jail: string }): JSX.Element {
  const api = useApi()
  const live = useLive()
  const canBan = useCanChange('bans.write')
  const [isBusy, setBusy] = createSignal(false)
  const [proof, setProof] = createSignal<BanProof>()
  const [problem, setProblem] = createSignal<string>()
  const run = async () => {
    setBusy(true)
    setProof(undefined)
    setProblem(undefined)
    try {
      setProof(await api.health.proveBan.mutate({ jail: props.jail, operationId: createOperationId() }))
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
    }
  }
  const shown = () => {
    const found = proof()
    return found?.jail === props.jail ? found : undefined
  }
  return (
    <Show when={canBan()}>
      <div class={styles['proof']}>
        <p class={styles['text']}>
          BanGUI bans one address of 192.0.2.0/24 and one of 2001:db8::/32, which nobody uses, looks for them
          in the firewall, and unbans them. All actions of the jail run, including those that send email or
          report addresses. fail2ban counts these bans; BanGUI’s history does not show them.
        </p>
        <div>
          <Button
            size="sm"
            loading={isBusy()}
            unavailable={isBusy() ? false : describeActivity(live.runtime)}
            onClick={() => void run()}
          >
            Test a ban
          </Button>
        </div>
        <div aria-live="polite">
          <Show when={problem()}>
            {(text) => (
              <Banner tone="danger" title="The test could not be run.">
                {text()}
              </Banner>
            )}
          </Show>
          <Show when={shown()}>{(found) => <ProofResult proof={found()} />}</Show>
        </div>
      </div>
    </Show>
  )
}

function ProofResult(props: { proof: BanProof }): JSX.Element {
  return (
    <Banner
      role="note"
      tone={tones[props.proof.outcome]}
      title={titles[props.proof.outcome](showHidden(props.proof.jail))}
    >
      <Show
        when={sharedReason(props.proof)}
        fallback={
          <ul class={styles['families']}>
            <For each={props.proof.families}>{(family) => <FamilyResult proof={family} />}</For>
          </ul>
        }
      >
        {(why) => <p>{showHidden(why())}</p>}
      </Show>
      <Show when={!props.proof.ended}>
        <p>
          fail2ban did not answer when BanGUI tried to unban the addresses. BanGUI unbans them before the next
          test, or at its next start.
        </p>
      </Show>
    </Banner>
  )
}

/** Returns why nothing was banned at all; undefined: something was. */
function sharedReason({ families }: BanProof): string | undefined {
  const isNone = families.every(({ address }) => address === null)
  const whys = new Set(families.map(({ why }) => why))
  return isNone && whys.size === 1 ? (families[0]?.why ?? undefined) : undefined
}

function FamilyResult(props: { proof: FamilyProof }): JSX.Element {
  const holding = () => props.proof.places.filter(({ hasAddress }) => hasAddress)
  return (
    <li class={styles['family']}>
      <p class={styles['head']}>
        IPv{props.proof.family}
        <Badge tone={tones[props.proof.outcome]}>{words[props.proof.outcome]}</Badge>
      </p>
      <Show when={props.proof.outcome === 'blocked'}>
        <p class={styles['text']}>
          {props.proof.address} was in the{' '}
          {holding()
            .map(({ name }) => showHidden(name))
            .join(', ')}
          , and a firewall rule leads there.
        </p>
      </Show>
      <Show when={props.proof.why}>{(why) => <p class={styles['text']}>{showHidden(why())}</p>}</Show>
      <For each={holding().flatMap(({ rules }) => rules)}>
        {(rule) => <code class={styles['rules']}>{showHidden(rule)}</code>}
      </For>
      <Show when={props.proof.removed === false}>
        <p class={styles['text']}>After the unban, the address was still in the firewall.</p>
      </Show>
    </li>
  )
}
