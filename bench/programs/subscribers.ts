import { Agent, get, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'

/** What is asked on stdin, one line of JSON each: open streams, then tell what each has seen last. */
type Order =
  | { readonly do: 'open'; readonly url: string; readonly cookies: readonly string[]; readonly each: number }
  | { readonly do: 'report' }

interface Stream {
  messages: number
  revision: number
  /** when that revision came, epoch milliseconds */
  at: number
  ended: boolean
  /** what is left of a line that has not ended yet */
  rest: string
}

const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY, keepAlive: false })
const streams: Stream[] = []

createInterface({ input: process.stdin })
  .on('line', (text) => {
    const order = JSON.parse(text) as Order
    if (order.do === 'open') openAll(order)
    else report()
  })
  .on('close', () => process.exit())

function openAll({ url, cookies, each }: Extract<Order, { do: 'open' }>): void {
  const wanted = cookies.length * each
  const onFirst = () => {
    if (streams.filter(({ messages }) => messages > 0).length === wanted)
      tell({ event: 'open', streams: wanted })
  }
  for (const cookie of cookies)
    for (let count = 0; count < each; count++) open(`${url}trpc/live.watch`, cookie, onFirst)
}

function open(url: string, cookie: string, onFirst: () => void): void {
  const stream: Stream = { messages: 0, revision: -1, at: 0, ended: false, rest: '' }
  streams.push(stream)
  const request = get(url, { agent, headers: { cookie, accept: 'text/event-stream' } }, (response) => {
    read(response, stream, onFirst)
  })
  request.once('error', () => {
    stream.ended = true
  })
}

function read(response: IncomingMessage, stream: Stream, onFirst: () => void): void {
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (stream.rest + chunk).split('\n')
    stream.rest = lines.pop() ?? ''
    for (const line of lines) {
      const revision = /^data:.*"revision":(\d+)/.exec(line)?.[1]
      if (revision === undefined) continue
      if (stream.revision !== Number(revision)) stream.at = Date.now()
      stream.revision = Number(revision)
      stream.messages += 1
      if (stream.messages === 1) onFirst()
    }
  })
  response.once('close', () => {
    stream.ended = true
  })
}

function report(): void {
  tell({
    event: 'report',
    revisions: streams.map(({ revision }) => revision),
    latest: Math.max(...streams.map(({ at }) => at)),
    messages: streams.reduce((sum, { messages }) => sum + messages, 0),
    ended: streams.filter(({ ended }) => ended).length,
  })
}

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
