import { localTime } from '@bangui/fail2ban'

/** The line that fail2ban logs for a ban. */
export const banLine = (jail: string, address: string, at = new Date()): string => {
  const milliseconds = String(at.getMilliseconds()).padStart(3, '0')
  const head = `${localTime(at)},${milliseconds} fail2ban.actions        [4711]: NOTICE  `
  return `${head}[${jail}] Ban ${address}\n`
}
