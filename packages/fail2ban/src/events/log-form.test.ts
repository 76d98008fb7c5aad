import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLogForm } from './log-form.ts'

const usual = "2026-01-31 23:59:59,000 fail2ban.jail           [7]: INFO    Jail 'sshd' started"
const strangeAfter = (...lines: string[]) => {
  const form = createLogForm()
  for (const line of lines) form.see(line)
  return form.strange()
}

describe('the form of a log', () => {
  it.each([
    "INFO | Jail 'sshd' started",
    '<5>[sshd] Ban 203.0.113.7',
    '31/01/26 fail2ban.filter [7] [sshd] Found 203.0.113.7 - 2026-01-31 23:59:59',
    '{"message":1} Starting Fail2ban v1.0.2',
  ])('is not known of a line that says what fail2ban says in another way: %s', (line) => {
    expect(strangeAfter(line)).toBe(line)
  })

  it.each([
    usual,
    usual.slice(24),
    'fail2ban.actions[7]: NOTICE [sshd] Ban 203.0.113.7',
    '2026-01-31 23:59:59,000 fail2ban                [7]: ERROR   Init of command line failed',
    'Traceback (most recent call last):',
    '  File "/usr/lib/python3/dist-packages/fail2ban/server/jail.py", line 1',
    '',
  ])('is the usual one, or cannot be told, of the line %j', (line) => {
    expect(strangeAfter(line)).toBeNull()
  })

  it('is not known of such a line about a jail with a long name', () => {
    expect(strangeAfter(`<5>[${'x'.repeat(255)}] Restore Ban 203.0.113.7`)).toMatch(/^<5>\[xxx/)
  })

  it('is the usual one again with the next usual line', () => {
    expect(strangeAfter("X Jail 'sshd' started", usual)).toBeNull()
    expect(strangeAfter(usual, "X Jail 'sshd' started", "Y Jail 'web' started")).toBe("X Jail 'sshd' started")
  })

  it('is shown without what could harm a terminal, and short', () => {
    const line = `\u001b[31m${'z'.repeat(8000)}${'['.repeat(8000)} [sshd] Ban 203.0.113.7`
    const strange = strangeAfter(line)
    expect(strange).not.toContain('\u001b')
    expect(strange?.length).toBeLessThanOrEqual(120)
  })

  it('is found in the last lines of a log of which nothing was read yet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bangui-form-'))
    const path = join(folder, 'fail2ban.log')
    await writeFile(path, `${usual}\n`.repeat(1000) + "X Jail 'sshd' started\n")
    const form = createLogForm()
    await form.look(path)
    expect(form.strange()).toBe("X Jail 'sshd' started")
    const other = createLogForm()
    other.see(usual)
    await other.look(path)
    expect(other.strange()).toBeNull()
    await expect(createLogForm().look(join(folder, 'none'))).resolves.toBeUndefined()
    await rm(folder, { recursive: true })
  })
})
