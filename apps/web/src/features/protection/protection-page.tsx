import type { HealthReport, ListedFinding } from '@bangui/shared'
import { showHidden } from '@bangui/shared'
import { useSearchParams } from '@solidjs/router'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useQuery } from '../../api/use-query.ts'
import { plural } from '../../lib/format.ts'
import { useCan, useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AcceptDialog } from './accept-dialog.tsx'
import { AcceptedCard } from './accepted-card.tsx'
import { BanProofCard } from './ban-proof-card.tsx'
import { CheckNow, createCheckRun } from './check-now.tsx'
import { ChecksCards } from './checks-cards.tsx'
import { CheckState } from './check-state.tsx'
import { EndedCard } from './ended-card.tsx'
import { FindingCard } from './finding-card.tsx'
import { FixDialog } from './fix-dialog.tsx'
import styles from './protection-page.module.css'
import { protectionQueries } from './queries.ts'

/** Everything that the checks of the protection found, with what to do about it; what they cannot tell; and what is fine. */
export function ProtectionPage(): JSX.Element {
  return (
    <QueryProvider>
      <Protection />
    </QueryProvider>
  )
}

function Protection(): JSX.Element {
  const api = useApi()
  const live = useLive()
  const [params] = useSearchParams<{ jail?: string }>()
  const revision = () => live.runtime?.health.revision ?? 0
  const findings = useQuery(() => protectionQueries.findings(api, revision()))
  const report = useQuery(() => protectionQueries.report(api, revision()))
  const run = createCheckRun()
  const ofJail = (all: readonly ListedFinding[]) =>
    params.jail === undefined ? all : all.filter(({ jail }) => jail === params.jail)

  return (
    <Page
      title="Protection"
      description="BanGUI automatically checks whether attackers are detected, banned and blocked."
      actions={<CheckNow run={run} />}
    >
      <CheckState report={report.data} run={run} />
      <Show when={params.jail}>{(jail) => <JailFilter jail={jail()} />}</Show>
      <Loaded query={findings} what="The findings" fallback={<FindingsSkeleton />}>
        {(all) => <Findings findings={ofJail(all())} report={report.data} jail={params.jail} />}
      </Loaded>
      <BanProofCard jail={params.jail} />
      <Show when={params.jail === undefined}>
        <Loaded query={report} what="The checks" fallback={<Skeleton lines={3} height="24px" />}>
          {(data) => <ChecksCards report={data()} />}
        </Loaded>
        <EndedCard />
      </Show>
    </Page>
  )
}

function JailFilter(props: { jail: string }): JSX.Element {
  return (
    <div class={styles['filter']}>
      <p>Only findings about the jail {showHidden(props.jail)} are shown.</p>
      <ButtonLink size="sm" href="/protection">
        Show all
      </ButtonLink>
    </div>
  )
}

function Findings(props: {
  findings: readonly ListedFinding[]
  report: HealthReport | undefined
  jail: string | undefined
}): JSX.Element {
  const canAccept = useCan('health.write')
  const canChange = useCanChange('config.write')
  const [accepting, setAccepting] = createSignal<ListedFinding>()
  const [fixing, setFixing] = createSignal<ListedFinding>()
  const counting = () => props.findings.filter(({ accepted }) => accepted === null)
  const accepted = () => props.findings.filter((finding) => finding.accepted !== null)
  return (
    <>
      <Show
        when={counting().length > 0}
        fallback={<NoFindings report={props.report} jail={props.jail} accepted={accepted().length} />}
      >
        <section aria-labelledby="findings">
          <h2 class={styles['heading']} id="findings">
            Needs attention
          </h2>
          <ul class={styles['list']}>
            {/* by id: a finding that is seen again keeps its place and what is open in it */}
            <For each={counting().map(({ id }) => id)}>
              {(id) => (
                <Show when={counting().find((finding) => finding.id === id)}>
                  {(finding) => (
                    <li>
                      <FindingCard
                        finding={finding()}
                        onFix={canChange() ? () => setFixing(finding()) : undefined}
                        onAccept={canAccept() ? () => setAccepting(finding()) : undefined}
                      />
                    </li>
                  )}
                </Show>
              )}
            </For>
          </ul>
        </section>
      </Show>
      <Show when={accepted().length > 0}>
        <AcceptedCard findings={accepted()} />
      </Show>
      <Show when={accepting()} keyed>
        {(finding) => <AcceptDialog finding={finding} onClose={() => setAccepting(undefined)} />}
      </Show>
      <Show when={fixing()} keyed>
        {(finding) => <FixDialog finding={finding} onClose={() => setFixing(undefined)} />}
      </Show>
    </>
  )
}

function NoFindings(props: {
  report: HealthReport | undefined
  jail: string | undefined
  accepted: number
}): JSX.Element {
  const live = useLive()
  const title = () => {
    if ((props.report?.suspected.length ?? 0) > 0) return 'No confirmed problem'
    const what = props.accepted > 0 ? 'No other problem found' : 'No problem found'
    return props.jail === undefined ? what : `${what} in ${props.jail}`
  }
  const checks = () => props.report?.checks.length ?? 0
  const unknown = () => live.runtime?.health.cannotTell ?? 0
  return (
    <Card>
      <Show
        when={live.runtime?.health.complete}
        fallback={
          <EmptyState icon={<ShieldCheck />} title="Not everything has been checked yet">
            The checks start a minute after fail2ban starts or reloads. Their findings appear here.
          </EmptyState>
        }
      >
        <EmptyState icon={<ShieldCheck />} title={title()}>
          {plural(checks(), 'check')} {checks() === 1 ? 'looks' : 'look'} at fail2ban, its logs, filters and
          bans, and at the firewall.
          <Show when={unknown() > 0}>
            {' '}
            {unknown() === 1 ? 'One of them cannot tell' : `${unknown()} of them cannot tell`}: see below.
          </Show>
        </EmptyState>
      </Show>
    </Card>
  )
}

function FindingsSkeleton(): JSX.Element {
  return (
    <div class={styles['list']}>
      <Card>
        <Skeleton lines={4} height="20px" />
      </Card>
      <Card>
        <Skeleton lines={4} height="20px" />
      </Card>
    </div>
  )
}
