import { sleep } from '@bangui/async'
import { fileURLToPath } from 'node:url'
import type { BenchContext } from './bench.ts'
import { watchText, type Viewing } from './browser.ts'
import { startProgram, type Program } from './program.ts'

const program = fileURLToPath(new URL('../programs/bare-stream.mjs', import.meta.url))

/** A server whose page shows the newest message of a stream. */
export interface BareStream {
  readonly url: string
  readonly program: Program
}

/** Starts the server; it also sends the lines of a file. */
export async function startBareStream(context: BenchContext, file?: string): Promise<BareStream> {
  const started = context.own(startProgram({ args: file === undefined ? [program] : [program, file] }))
  return { program: started, url: String((await started.line('listening'))['url']) }
}

/** Times messages from the server until they are in the page's document, in milliseconds; leaves BanGUI's page. */
export async function timeBareStream(
  context: BenchContext,
  { page }: Pick<Viewing, 'page'>,
  rounds: number,
): Promise<number[]> {
  const { program: server, url } = await startBareStream(context)
  await page.goto(url)
  const text = await watchText(page, 'main')
  await sleep(500, { signal: context.signal })
  const times: number[] = []
  // the first three warm up
  for (let turn = -3; turn < rounds; turn++) {
    await sleep(200 + Math.random() * 100, { signal: context.signal })
    const sentAt = Date.now()
    server.send({ text: `message ${turn + 3}.` })
    const time = (await text.changed(new RegExp(`message ${turn + 3}\\.`), sentAt)) - sentAt
    if (turn >= 0) times.push(time)
  }
  return times
}

/** Notes when each message arrives (epoch milliseconds), until the signal aborts. */
export async function subscribeBarely(
  { url }: BareStream,
  onMessage: (text: string, at: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { body } = await fetch(`${url}stream`, { signal })
  let rest = ''
  void body
    ?.pipeThrough(new TextDecoderStream())
    .pipeTo(
      new WritableStream({
        write(chunk) {
          const at = Date.now()
          const messages = (rest + chunk).split('\n\n')
          rest = messages.pop() ?? ''
          for (const message of messages) onMessage(message.replace('data: ', ''), at)
        },
      }),
    )
    .catch(() => undefined)
}
