import { createHash, randomBytes } from 'node:crypto'

const shape = /^[A-Za-z0-9_-]{43}$/

/** 256 random bits as text for a cookie. */
export const createToken = (): string => randomBytes(32).toString('base64url')

/** Returns whether a text has the form of a token; any other text never reaches the database. */
export const isToken = (text: string): boolean => shape.test(text)

/** Returns the hash under which a token is stored: 256 random bits need no salt and no signature. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()
