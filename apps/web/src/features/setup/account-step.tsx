import type { CompleteSetupInput } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { focusFirstInvalid } from '../../lib/focus-invalid.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './setup.module.css'

type Fields = 'token' | 'username' | 'password'

const MIN_PASSWORD_LENGTH = 10

function check(values: Record<Fields, string>): Partial<Record<Fields, string>> {
  const problems: Partial<Record<Fields, string>> = {}
  if (values.token.trim() === '') problems.token = 'Enter the setup token.'
  if (values.username.trim() === '') problems.username = 'Enter a user name.'
  if (values.password.length < MIN_PASSWORD_LENGTH)
    problems.password = `A password has at least ${MIN_PASSWORD_LENGTH} characters.`
  return problems
}

export type AccountStepProps = {
  /** from the link in the log; undefined: a field asks for it */
  token: string | undefined
  /** rejects with the server's error */
  complete: (input: CompleteSetupInput) => Promise<void>
}

/** The first account, guarded by the setup token. */
export function AccountStep(props: AccountStepProps): JSX.Element {
  const account = createAccountForm(props)
  return (
    <form
      class={styles['form']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const form = event.currentTarget
        if (!account.busy()) void account.submit().then(() => focusFirstInvalid(form))
      }}
    >
      <Show when={account.refusal()}>
        <Banner tone="danger" title="The account was not created" role="alert">
          {account.refusal()}
        </Banner>
      </Show>
      <Show when={account.asksToken()}>
        <TextField
          label="Setup token"
          mono
          autocomplete="off"
          autofocus
          description={
            <>
              The token proves that you run this server. You find it in the file <code>setup-token</code> in
              BanGUI's data folder, and in the setup link in the log.
            </>
          }
          value={account.token()}
          onChange={account.setToken}
          error={account.problems().token}
        />
      </Show>
      <TextField
        label="User name"
        name="username"
        autocomplete="username"
        plain
        autofocus={!account.asksToken()}
        value={account.username()}
        onChange={account.setUsername}
        error={account.problems().username}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autocomplete="new-password"
        description={`At least ${MIN_PASSWORD_LENGTH} characters. Several unrelated words work well.`}
        value={account.password()}
        onChange={account.setPassword}
        error={account.problems().password}
      />
      <Button variant="primary" type="submit" size="lg" loading={account.busy()}>
        Create account
      </Button>
    </form>
  )
}

/** What is entered for the first account, checked here and by the server. */
function createAccountForm(props: AccountStepProps) {
  const [typedToken, setTypedToken] = createSignal<string>()
  const token = () => typedToken() ?? props.token ?? ''
  const [refusedToken, setRefusedToken] = createSignal<string>()
  const asksToken = () => props.token === undefined || props.token === refusedToken()
  const [username, setUsername] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [problems, setProblems] = createSignal<Partial<Record<Fields, string>>>({})
  const [refusal, setRefusal] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)

  const refused = (error: unknown) => {
    const described = describeError(error)
    const fields = described.fieldErrors
    const ofField = {
      token: described.reason === 'setup_token_invalid' ? described.message : fields?.['token']?.[0],
      username: fields?.['username']?.[0],
      password: fields?.['password']?.[0],
    }
    if (ofField.token !== undefined) setRefusedToken(props.token)
    setProblems(Object.fromEntries(Object.entries(ofField).filter(([, text]) => text !== undefined)))
    if (Object.values(ofField).every((text) => text === undefined)) setRefusal(described.message)
  }
  const submit = async () => {
    const values = { token: token().trim(), username: username().trim(), password: password() }
    const found = check(values)
    setRefusal(undefined)
    setProblems(found)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    try {
      await props.complete(values)
    } catch (error) {
      refused(error)
    } finally {
      setBusy(false)
    }
  }
  return {
    token,
    setToken: setTypedToken,
    asksToken,
    username,
    setUsername,
    password,
    setPassword,
    problems,
    refusal,
    busy,
    submit,
  }
}
