import { HostError } from '../host-error.ts'

/** Ends every frame in both directions (fail2ban/protocol.py, CSPROTO.END). */
export const frameEnd: Uint8Array = Buffer.from('<F2B_END_COMMAND>', 'latin1')

/** Asks the daemon to close the connection (fail2ban/protocol.py, CSPROTO.CLOSE). */
export const closeFrame: Uint8Array = Buffer.from('<F2B_CLOSE_COMMAND><F2B_END_COMMAND>', 'latin1')

/** The most bytes that one command may have on the wire: 8 MiB. */
export const maxCommandBytes = 8 * 1024 * 1024

/** A command that cannot be put on the wire as it stands. */
export class CommandError extends HostError<'invalid_argument'> {
  override readonly name = 'CommandError'

  constructor(message: string) {
    super('invalid_argument', { message })
  }
}

/**
 * The bytes of a command: a pickle (protocol 2) of a list of texts, and the end of the frame.
 * @throws CommandError for an argument that would cut the frame, is no valid Unicode, or is too large
 */
export const encodeCommand = (args: readonly string[]): Uint8Array => {
  const encoded = args.map(encodeArgument)
  const size = encoded.reduce((sum, text) => sum + text.length + 5, 6 + frameEnd.length)
  if (size > maxCommandBytes)
    throw new CommandError(`The command has ${size} bytes; ${maxCommandBytes} are the most.`)
  const frame = Buffer.allocUnsafe(size)
  // PROTO 2, EMPTY_LIST, MARK
  let at = frame.write('\x80\x02](', 0, 'latin1')
  for (const text of encoded) {
    at = frame.writeUInt8(0x58, at) // BINUNICODE
    at = frame.writeUInt32LE(text.length, at)
    at += text.copy(frame, at)
  }
  at += frame.write('e.', at, 'latin1') // APPENDS, STOP
  frame.set(frameEnd, at)
  return frame
}

/** Returns whether a text can stand in a command. */
export const canBeSent = (text: string): boolean => text.isWellFormed() && !text.includes('<F2B_END_COMMAND>')

const encodeArgument = (argument: string): Buffer => {
  if (typeof argument !== 'string') throw new CommandError('An argument of a command must be text.')
  if (argument.length > maxCommandBytes) throw new CommandError('An argument of the command is too long.')
  if (!argument.isWellFormed())
    throw new CommandError('An argument of the command is not valid Unicode text.')
  if (argument.includes('<F2B_END_COMMAND>')) {
    throw new CommandError('An argument of the command contains the text that ends a command.')
  }
  return Buffer.from(argument, 'utf8')
}
