import { openSync, readSync, watch } from 'node:fs'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'

// a page that shows the newest message of a stream; messages are lines of stdin, and of a file where one is given
const page = `<!doctype html><main>no message yet</main><script>
  new EventSource('/stream').onmessage = ({ data }) => { document.querySelector('main').textContent = data }
</script>`
const streams = new Set()
const send = (text) => {
  for (const stream of streams) stream.write(`data: ${text}\n\n`)
}

const server = createServer((request, response) => {
  if (request.url !== '/stream') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  streams.add(response)
  response.on('close', () => streams.delete(response))
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${server.address().port}/` })}\n`,
  )
})

createInterface({ input: process.stdin }).on('line', (line) => send(JSON.parse(line).text))

const file = process.argv[2]
if (file !== undefined) {
  const descriptor = openSync(file, 'r')
  const buffer = Buffer.alloc(65_536)
  let rest = ''
  const read = () => {
    for (let length = 1; length > 0;) {
      length = readSync(descriptor, buffer)
      const lines = (rest + buffer.toString('utf8', 0, length)).split('\n')
      rest = lines.pop()
      for (const line of lines) send(line)
    }
  }
  read()
  watch(file, read)
}
process.on('SIGTERM', () => process.exit())
