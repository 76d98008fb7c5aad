import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError, type Problem } from '../../api/errors.ts'
import { useSession } from '../../auth/session.tsx'
import { focusFirstInvalid } from '../../lib/focus-invalid.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.tsx'
import { settingsQueries } from './queries.ts'
import styles from './settings.module.css'

const MIN_PASSWORD_LENGTH = 10

/** Changes the user's own password. */
export function PasswordForm(): JSX.Element {
  const session = useSession()
  const form = createPasswordForm()
  return (
    <Card
      title="Password"
      description="Changing it ends every other session; this device continues with a new one."
    >
      <form
        class={styles['fields']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          const element = event.currentTarget
          if (!form.busy()) void form.submit().then(() => focusFirstInvalid(element))
        }}
      >
        <Show when={form.refusal()}>
          {(message) => (
            <Banner tone="danger" role="alert" title="The password was not changed.">
              {message()}
            </Banner>
          )}
        </Show>
        {/* lets a password manager know whose password this is */}
        <input
          type="text"
          name="username"
          autocomplete="username"
          value={session.user()?.name ?? ''}
          hidden
          readonly
        />
        <TextField
          label="Current password"
          name="current-password"
          type="password"
          autocomplete="current-password"
          value={form.current()}
          onChange={form.setCurrent}
          error={form.errorOf('current')}
        />
        <TextField
          label="New password"
          name="new-password"
          type="password"
          autocomplete="new-password"
          description={`At least ${MIN_PASSWORD_LENGTH} characters. Several unrelated words work well.`}
          value={form.password()}
          onChange={form.setPassword}
          error={form.errorOf('password')}
        />
        <div>
          <Button type="submit" variant="primary" loading={form.busy()}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  )
}

function createPasswordForm() {
  const api = useApi()
  const client = useQueryClient()
  const [current, setCurrent] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [problem, setProblem] = createSignal<Problem>()
  const [tried, setTried] = createSignal(false)
  const [busy, setBusy] = createSignal(false)

  const own = () => ({
    current: current() === '' ? 'Enter your current password.' : undefined,
    password:
      password().length < MIN_PASSWORD_LENGTH
        ? `A password has at least ${MIN_PASSWORD_LENGTH} characters.`
        : undefined,
  })
  const errorOf = (field: 'current' | 'password') => {
    if (tried() && own()[field]) return own()[field]
    if (field === 'current' && problem()?.reason === 'password_wrong') return problem()?.message
    return problem()?.fieldErrors?.[field]?.[0]
  }
  const refusal = () => {
    const found = problem()
    return found && !found.fieldErrors && found.reason !== 'password_wrong' ? found.message : undefined
  }
  const submit = async () => {
    setTried(true)
    setProblem(undefined)
    if (own().current || own().password) return
    setBusy(true)
    try {
      await api.auth.changePassword.mutate({ current: current(), password: password() })
      setCurrent('')
      setPassword('')
      setTried(false)
      toast({ tone: 'ok', title: 'Password changed', text: 'Every other session has ended.' })
      void client.invalidateQueries({ queryKey: settingsQueries.sessions(api).queryKey })
    } catch (error) {
      setProblem(describeError(error))
    } finally {
      setBusy(false)
    }
  }
  return { current, setCurrent, password, setPassword, busy, errorOf, refusal, submit }
}
