import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('mail/server.py', import.meta.url))

/** The certificate of the mail server, for `localhost`; nobody has signed it. */
export const mailCertificate = readFileSync(new URL('mail/localhost.crt', import.meta.url), 'utf8')

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly content: string
  readonly encrypted: boolean
  readonly user: string | null
}

export interface MailServerOptions {
  readonly security: 'starttls' | 'tls' | 'none'
  /** user name and password */
  readonly auth?: readonly [string, string]
}

/** Starts a mail server (aiosmtpd) on a free port; it ends with its disposal or with the test process. */
export async function startMailServer({ security, auth }: MailServerOptions) {
  const options = JSON.stringify({ security, auth: auth ?? null })
  const child = spawn('/usr/bin/python3', [script, options], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const received: ReceivedMail[] = []
  const lines = createInterface(child.stdout)
  const [first] = (await Promise.race([once(lines, 'line'), ended.then(() => [])])) as [string?]
  if (first === undefined) throw new Error('the mail server did not start')
  const { port } = JSON.parse(first) as { port: number }
  lines.on('line', (line) => received.push(JSON.parse(line) as ReceivedMail))
  return {
    port,
    received,
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
    },
  }
}
