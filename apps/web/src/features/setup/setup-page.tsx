import type { CompleteSetupInput, Jail, ServerStatus } from '@bangui/shared'
import { useNavigate } from '@solidjs/router'
import { createSignal, type JSX, Match, onCleanup, onMount, Show, Switch } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import type { Api } from '../../api/client.ts'
import { createAccountClient } from '../../auth/account-client.ts'
import { useSession } from '../../auth/session.tsx'
import { BarePage } from '../../shell/bare-page.tsx'
import { Banner } from '../../ui/banner.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { keepFocus } from '../../ui/keep-focus.ts'
import { AccountStep } from './account-step.tsx'
import { ConnectionStep } from './connection-step.tsx'
import { DoneStep } from './done-step.tsx'
import { takeSetupToken } from './setup-token.ts'
import { SetupSteps } from './setup-steps.tsx'

const leads = {
  account: 'Create your administrator account.',
  connection: 'Connect to fail2ban on this server.',
  done: 'Your account is ready.',
}

/** The first visit: the account, the connection, and what was found. */
export function SetupPage(): JSX.Element {
  const api = useApi()
  const session = useSession()
  const navigate = useNavigate()
  let steps: HTMLDivElement | undefined
  // a finished step is removed together with its focused button
  keepFocus(() => steps)
  const [token, setToken] = createSignal(takeSetupToken())
  // the link was opened in the tab that shows this page already
  const onHash = () => setToken((before) => takeSetupToken() ?? before)
  onMount(() => addEventListener('hashchange', onHash))
  onCleanup(() => removeEventListener('hashchange', onHash))
  const [step, setStep] = createSignal<keyof typeof leads>('account')
  const [status, setStatus] = createSignal<ServerStatus>()
  const [jails, setJails] = createSignal<readonly Jail[]>()
  const [visitor, setVisitor] = createSignal<string>()

  const probe = async () => {
    const found = await api.server.probe.mutate()
    setStatus(found)
    if (!found.online || !found.responding) return { status: found, commands: await api.server.help.query() }
    setJails(await api.jails.list.query())
    setVisitor(await findBannableVisitor(api))
    setStep('done')
    return { status: found, commands: [] }
  }
  const complete = async (input: CompleteSetupInput) => {
    await createAccountClient(api).completeSetup(input)
    setStep('connection')
  }
  const enter = async () => {
    await session.refresh()
    navigate('/', { replace: true })
  }
  const finishedBefore = () => session.setupComplete() === true && step() === 'account'

  return (
    <BarePage title="Set up BanGUI" lead={leads[step()]} wide>
      <Show when={!finishedBefore()} fallback={<AlreadyDone />}>
        <SetupSteps current={step()} />
        <div ref={(element) => (steps = element)}>
          <Switch>
            <Match when={step() === 'account'}>
              <AccountStep token={token()} complete={complete} />
            </Match>
            <Match when={step() === 'connection'}>
              <ConnectionStep probe={probe} skip={() => setStep('done')} />
            </Match>
            <Match when={step() === 'done'}>
              <DoneStep
                status={status()}
                jails={jails()}
                visitor={visitor()}
                allow={(address) => api.ignores.add.mutate({ address, note: 'Added during setup' })}
                enter={enter}
              />
            </Match>
          </Switch>
        </div>
      </Show>
    </BarePage>
  )
}

/** Returns the address of who sets BanGUI up, if fail2ban may ban it. The setup goes on where that cannot be told. */
async function findBannableVisitor(api: Api): Promise<string | undefined> {
  const status = await api.ignores.status.query().catch(() => undefined)
  return status && !status.visitorCovered ? (status.visitor ?? undefined) : undefined
}

function AlreadyDone(): JSX.Element {
  return (
    <Banner
      tone="ok"
      title="Setup is already complete."
      actions={
        <ButtonLink href="/" variant="primary">
          Sign in
        </ButtonLink>
      }
    >
      Setup works only once. Sign in with the account that was created.
    </Banner>
  )
}
