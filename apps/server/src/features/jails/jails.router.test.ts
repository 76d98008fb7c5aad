import { HostError } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { createAdmin } from '../../../test/create-test-deps.ts'
import { serveTestApp } from '../../../test/serve-test-app.ts'

const hostileNames = [
  'sshd\nset sshd banip 192.0.2.1',
  'a'.repeat(10_000),
  '--all',
  '',
  'sshd\0',
  'logtarget',
  'sshd<F2B_END_COMMAND>',
]

async function signedIn() {
  const app = await serveTestApp()
  const visitor = await createAdmin(app.deps)
  return { app, cookie: `bangui_session=${visitor.cookies['bangui_session']}` }
}

describe('a jail name that could be none', () => {
  // the fake host rejects every verb, so that one that is reached would be an internal error
  it.each(hostileNames.map((name) => ({ name, shown: JSON.stringify(name).slice(0, 40) })))(
    '$shown is refused with one sentence, and nothing is touched',
    async ({ name }) => {
      const { app, cookie } = await signedIn()
      await using _app = app
      const input = encodeURIComponent(JSON.stringify({ name }))
      const preview = encodeURIComponent(JSON.stringify({ name, enabled: true }))
      const answers = [
        await app.post('jails.activate', { name }, { cookie }),
        await app.post('jails.deactivate', { name }, { cookie }),
        await app.request({ path: `/trpc/jails.get?input=${input}`, headers: { cookie } }),
        await app.request({ path: `/trpc/jails.preview?input=${preview}`, headers: { cookie } }),
      ]
      for (const answer of answers) {
        expect(answer.status).toBe(400)
        const { message, data } = answer.json().error!
        expect(message).toMatch(/^(A|The) jail name [^\n]+\.$/)
        expect(data).toMatchObject({ code: 'BAD_REQUEST', reason: 'invalid_input' })
      }
      expect(app.state.get().lastActivation).toBeNull()
    },
  )

  it.each(['nothing', '../../etc/passwd', 'DEFAULT', '$(reboot)', 'jäil'])(
    '%j that nobody knows is refused by its name',
    async (name) => {
      const { app, cookie } = await signedIn()
      await using _app = app
      app.host.config.stage = ({ edits: [edit] }) =>
        Promise.reject(new HostError('jail_unknown', { jailName: edit?.kind === 'switch' ? edit.jail : '' }))
      const answer = await app.post('jails.activate', { name }, { cookie })
      expect(answer.status).toBe(404)
      expect(answer.json().error!.message).toBe(`The configuration has no jail named ${name}.`)
    },
  )
})
