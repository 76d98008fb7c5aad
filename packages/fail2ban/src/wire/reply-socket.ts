import { connect } from 'node:net'
import { closeFrame } from './encode-command.ts'
import { createFrameDecoder } from './frame-decoder.ts'
import type { ReplyLimits } from './reply-limits.ts'

/** An open socket to the daemon that gives decoded replies. */
export interface ReplySocket {
  send(frame: Uint8Array): void
  /** Ends at once; none of the callbacks is called any more. */
  destroy(): void
  /** Sends the closing command and waits until the daemon closes, at most `timeoutMs` milliseconds. */
  end(timeoutMs: number): Promise<void>
}

export interface ReplySocketOptions {
  readonly path: string
  /** the limits of the reply that comes next */
  readonly nextLimits: () => ReplyLimits
  readonly onReply: (value: unknown) => void
  /** bytes came, a whole reply or not */
  readonly onBytes: () => void
  /** the other side closed; `garbage`: because what it sent was no reply */
  readonly onClose: (garbage?: Error) => void
}

const readBytes = 64 * 1024

/** Connects to a daemon; rejects with the system's error. */
export const openReplySocket = (options: ReplySocketOptions): Promise<ReplySocket> =>
  new Promise((resolve, reject) => {
    const { path, onBytes, onClose } = options
    let isOpen = false
    let isDone = false
    const finish = (garbage?: Error) => {
      if (isDone) return
      isDone = true
      socket.destroy()
      onClose(garbage)
    }
    const decoder = createFrameDecoder(options.nextLimits, (value) => {
      if (!isDone) options.onReply(value)
    })
    const onRead = (length: number, buffer: Uint8Array): boolean => {
      if (isDone) return false
      onBytes()
      try {
        decoder.push(Buffer.from(buffer.buffer, buffer.byteOffset, length))
      } catch (error) {
        finish(error instanceof Error ? error : new Error(String(error)))
      }
      return !isDone
    }
    // one buffer for all reads: the decoder copies what it keeps
    const socket = connect({ path, onread: { buffer: Buffer.allocUnsafe(readBytes), callback: onRead } })
    socket.on('connect', () => {
      isOpen = true
      resolve({
        send: (frame) => void socket.write(frame),
        destroy() {
          isDone = true
          socket.destroy()
        },
        end: (timeoutMs) => {
          isDone = true
          return endPolitely(socket, timeoutMs)
        },
      })
    })
    socket.on('end', () => finish())
    socket.on('close', () => finish())
    socket.on('error', (error) => {
      if (isOpen) return finish()
      isDone = true
      reject(error)
    })
  })

const endPolitely = (socket: ReturnType<typeof connect>, timeoutMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), timeoutMs)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.end(closeFrame)
  })
