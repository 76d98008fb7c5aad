import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** Asks the one who may start the daemon, at a socket, to start it; prints what went wrong. */
const failure = await text(connect(process.argv[2] ?? ''))
if (failure !== '') {
  process.stderr.write(failure)
  process.exitCode = 1
}
