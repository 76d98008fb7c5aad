import { isJailName } from '@bangui/shared'
import { cleanLine } from './ban-list.ts'

/** Returns what a jail goes by, wherever fail2ban names it. A name is the key: it stays as it is where it can be one. */
export const jailKey = (name: string): string => (isJailName(name) ? name : cleanLine(name, 255))
