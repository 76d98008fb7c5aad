import { insertFirstUser, type User } from '@bangui/db'
import type { CompleteSetupInput, SessionUser } from '@bangui/shared'
import type { Context } from '../../context.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { addressKey, signIn } from '../auth/sign-in.ts'
import { updateOverrides } from '../settings/settings.service.ts'

type SetupDeps = Pick<Deps, 'config' | 'database' | 'appState' | 'passwords' | 'setupToken' | 'clock' | 'log'>

/** Completes the setup with its first user, an administrator, and signs them in. */
export async function completeSetup(ctx: Context, input: CompleteSetupInput): Promise<{ user: SessionUser }> {
  const { deps } = ctx
  requireOpen(deps)
  await checkToken(ctx, input.token)
  const user = await createFirstUser(deps, input)
  if (!user) throw new AppError('setup_complete')
  if (input.settings) await updateOverrides(deps, input.settings)
  return { user: await signIn(ctx, user) }
}

/** Completes the setup from the environment, where it names a user and there is none yet. */
export async function completeUnattended(deps: SetupDeps): Promise<boolean> {
  const { admin } = deps.config
  if (!admin || deps.appState.get().setupComplete) return false
  return (await createFirstUser(deps, admin)) !== undefined
}

/** Says in the log how the setup is completed; `url` is where BanGUI listens. Nothing once it is complete. */
export async function announceSetup(
  { config, appState, setupToken, log }: Pick<Deps, 'config' | 'appState' | 'setupToken' | 'log'>,
  url: string,
): Promise<void> {
  if (appState.get().setupComplete) return setupToken.remove()
  const token = await setupToken.ensure()
  const link = new URL(`${config.basePath}setup#${token}`, config.publicUrl ?? url).href
  log.info(
    { event: 'setup_required', url: link, file: setupToken.path },
    'open this link to complete the setup',
  )
}

function requireOpen({ appState }: Pick<Deps, 'appState'>): void {
  if (appState.get().setupComplete) throw new AppError('setup_complete')
}

async function checkToken({ deps, request }: Context, token: string): Promise<void> {
  const source = `setup ${addressKey(request.remoteAddress)}`
  // each address has an account of its own: nobody can slow down the one who has the token
  const attempt = { source, name: source, userId: null, known: false }
  const seconds = deps.throttle.begin(attempt)
  if (seconds > 0) throw new AppError('login_throttled', { seconds })
  if (!(await deps.setupToken.matches(token))) {
    const { remoteAddress } = request
    deps.log.warn({ event: 'setup_token_refused', remoteAddress }, 'a wrong setup token was sent')
    throw new AppError('setup_token_invalid', { path: deps.setupToken.path })
  }
  deps.throttle.succeeded(attempt)
}

async function createFirstUser(
  deps: SetupDeps,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<User | undefined> {
  const { database, passwords, clock, appState, setupToken, log } = deps
  const passwordHash = await passwords.hash(password)
  const user = await insertFirstUser(database.db, {
    name: username,
    passwordHash,
    role: 'admin',
    now: clock(),
  })
  if (!user) return undefined
  await appState.update((current) => ({ ...current, setupComplete: true }))
  await setupToken.remove()
  log.info({ event: 'setup_complete', username: user.name }, 'the setup is complete')
  return user
}
