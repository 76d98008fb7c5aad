import { useNavigate, useSearchParams } from '@solidjs/router'
import { createEffect, createSignal, type JSX, Show } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { useSession } from '../../auth/session.tsx'
import { useNow } from '../../lib/clock.ts'
import { fromBase, safeNext } from '../../lib/base-path.ts'
import { plural } from '../../lib/format.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { BarePage } from '../../shell/bare-page.tsx'
import { throttledFor } from './login-problem.ts'
import styles from './sign-in-page.module.css'

/** The sign-in page; afterwards it leads to the page that was requested. */
export function SignInPage(): JSX.Element {
  const session = useSession()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  createEffect(() => {
    if (session.user()) navigate(fromBase(safeNext(search['next'])), { replace: true })
    else if (session.setupComplete() === false) navigate('/setup', { replace: true })
  })
  return (
    <BarePage title="Sign in" lead="Monitor and manage fail2ban.">
      <SignInForm signIn={session.signIn} />
    </BarePage>
  )
}

/** The form: shows errors in place, and counts down while attempts are refused. */
export function SignInForm(props: {
  signIn: (input: { username: string; password: string }) => Promise<void>
}): JSX.Element {
  const [username, setUsername] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [problem, setProblem] = createSignal<ReturnType<typeof describeError>>()
  const [block, setBlock] = createSignal({ seconds: 0, until: 0 })
  const [busy, setBusy] = createSignal(false)
  const now = useNow()
  // the clock may be up to a second behind
  const wait = () => Math.max(0, Math.min(block().seconds, Math.ceil((block().until - now()) / 1000)))
  let passwordInput: HTMLInputElement | undefined

  const submit = async () => {
    setBusy(true)
    try {
      await props.signIn({ username: username(), password: password() })
    } catch (error) {
      const described = describeError(error)
      setProblem(described)
      const seconds = throttledFor(described)
      if (seconds !== undefined) setBlock({ seconds, until: Date.now() + seconds * 1000 })
      if (described.reason === 'login_failed') passwordInput?.select()
    } finally {
      setBusy(false)
    }
  }
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!busy() && wait() === 0) void submit()
  }
  const throttled = () => problem()?.reason === 'login_throttled'

  return (
    <form class={styles['form']} onSubmit={onSubmit} noValidate>
      <Show when={problem()}>
        {(error) => (
          <Show when={!throttled() || wait() > 0}>
            <Banner tone={throttled() ? 'warning' : 'danger'} title={titleOf(error().reason)} role="alert">
              {error().message}
            </Banner>
          </Show>
        )}
      </Show>
      <TextField
        label="User name"
        name="username"
        autocomplete="username"
        plain
        autofocus
        value={username()}
        onChange={setUsername}
        error={problem()?.fieldErrors?.['username']?.[0]}
      />
      <TextField
        ref={(element) => (passwordInput = element)}
        label="Password"
        name="password"
        type="password"
        autocomplete="current-password"
        value={password()}
        onChange={setPassword}
        error={problem()?.fieldErrors?.['password']?.[0]}
      />
      <Button variant="primary" type="submit" size="lg" loading={busy()} disabled={wait() > 0}>
        {/* not in the alert: a screen reader would count along */}
        {wait() > 0 ? `Try again in ${plural(wait(), 'second')}` : 'Sign in'}
      </Button>
    </form>
  )
}

function titleOf(reason: string): string {
  const titles: Record<string, string> = {
    login_failed: 'Could not sign in',
    login_throttled: 'Wait a moment',
    unreachable: 'BanGUI cannot be reached',
  }
  return titles[reason] ?? 'Could not sign in'
}
