import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from './errors.ts'
import type { KeySource } from './secret-key.ts'

/** Encrypts what BanGUI has to keep secret in its database, such as the tokens of alert channels. */
export interface Secrets {
  /** Returns a text encrypted. @throws AppError secret_key_unavailable */
  seal(text: string): string
  /** Returns a text that was sealed; null: the key is another one or is missing, or the text was changed. */
  open(sealed: string): string | null
  /** Why nothing can be opened now; null: the key can be read, so what does not open was sealed with another one. */
  readonly problem: string | null
}

/** The format of what is sealed: AES-256-GCM, base64url of the nonce, the tag and the encrypted text. */
const PREFIX = 'v1:'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/** Creates the encryption with a key, which is read when it is first needed. */
export function createSecrets({ key }: { readonly key: KeySource }): Secrets {
  return {
    seal(text) {
      const found = key.ensure()
      if ('problem' in found) throw new AppError('secret_key_unavailable', { why: found.problem })
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', derive(found.text), nonce)
      const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url')
    },
    open(sealed) {
      const found = key.find()
      if ('problem' in found || !sealed.startsWith(PREFIX)) return null
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url')
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
      const decipher = createDecipheriv(
        'aes-256-gcm',
        derive(found.text),
        bytes.subarray(0, NONCE_BYTES),
      ).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      try {
        const opened = [decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]
        return Buffer.concat(opened).toString('utf8')
      } catch {
        // another key sealed it, or somebody changed it
        return null
      }
    },
    get problem() {
      const found = key.find()
      return 'problem' in found ? found.problem : null
    },
  }
}

const derive = (text: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', text, '', 'bangui secrets v1', KEY_BYTES))
