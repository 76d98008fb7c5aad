import { createHash, randomBytes } from 'node:crypto'

const shape = /^[A-Za-z0-9_-]{43}$/

/** 256 random bits as text for a cookie. */
export const createToken = (): string => randomBytes(32).toString('base64url')

/** Whether a text can be a token at all; anything else never reaches the database. */
export const isToken = (text: string): boolean => shape.test(text)

/** What is stored of a token: found by hash, 256 random bits need no salt and no signature. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()
